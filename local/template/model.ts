/** A CloudFormation template as the CDK writes it, and what the run makes of it. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DependsOn?: string | string[];
  readonly Condition?: string;
  readonly Metadata?: JsonObject;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: Json;
}

export interface TemplateOutput {
  readonly Value: Json;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Json };
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Transform?: Json;
}

/** One stack of the cloud assembly. */
export interface LoadedStack {
  readonly name: string;
  /** Construct path, such as `Stage/Stack`. */
  readonly path: string;
  readonly template: Template;
  /** Construct path of each logical id. */
  readonly paths: ReadonlyMap<string, string>;
  /** Folder or file in the cloud assembly of each asset, by the key of its object in the bootstrap bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

/** What a created resource answers to Ref and Fn::GetAtt. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, Json>>;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
