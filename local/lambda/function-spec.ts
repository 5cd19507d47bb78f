/** A Lambda function as the template describes it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** Construct path of the function itself. */
  readonly path: string;
  /** Construct path that the report counts it under. */
  readonly construct: string;
  readonly roleId: string;
  readonly runtime: string;
  /** `file.export` */
  readonly handler: string;
  /** Folder with the unpacked code. */
  readonly codeFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Undefined: not reserved. */
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  readonly logFormat?: string;
}

/**
 * The construct that a function works for: its parent, since a construct makes its functions itself. A function that
 * stands directly in the stack stands for itself.
 */
export function constructOf(functionPath: string, stackPath: string): string {
  const own = functionPath.replace(/\/Resource$/, '');
  const parent = own.split('/').slice(0, -1).join('/');
  return parent === stackPath || parent === '' ? own : parent;
}
