import { ACCOUNT_ID, PARTITION, REGION, URL_SUFFIX, arn } from '../environment';
import { RefusedError } from '../errors';
import { handlerOf } from '../resources';
import { Json, LoadedStack, Physical, TemplateResource } from './model';
import { creationOrder } from './references';
import { Resolver } from './resolver';
import { ResolvedResource, ResourceHandler, World } from '../resources/handler';

/** Creates what the stacks say, each resource after what it refers to. */
export async function deploy(stacks: readonly LoadedStack[], world: World): Promise<void> {
  const names = new Set<string>();
  const exported = new Map<string, Json>();
  for (const stack of stacks) await new Deployment(stack, world, names, exported).run();
}

class Deployment {
  private readonly created = new Map<string, Physical>();
  private readonly resolver: Resolver;

  public constructor(
    private readonly stack: LoadedStack,
    private readonly world: World,
    /** Names that are taken, by all stacks together. */
    private readonly names: Set<string>,
    private readonly exported: Map<string, Json>,
  ) {
    this.resolver = new Resolver({
      template: stack.template,
      pseudo: pseudoParameters(stack),
      physical: (logicalId) => this.created.get(logicalId),
      imported: (name) => exported.get(name),
    });
  }

  public async run(): Promise<void> {
    const { path, template } = this.stack;
    if (template.Transform !== undefined) throw new RefusedError(path, 'template transforms are not emulated');
    const resources = template.Resources ?? {};
    for (const logicalId of creationOrder(resources)) await this.create(logicalId, resources[logicalId]!);
    for (const output of Object.values(template.Outputs ?? {})) {
      if (!output.Export || (output.Condition !== undefined && !this.resolver.condition(output.Condition, path))) continue;
      this.exported.set(this.resolver.text(output.Export.Name, path), this.resolver.resolve(output.Value, path));
    }
  }

  private async create(logicalId: string, resource: TemplateResource): Promise<void> {
    const path = this.pathOf(logicalId, resource);
    if (resource.Condition !== undefined && !this.resolver.condition(resource.Condition, path)) return;
    const handler = handlerOf(resource.Type);
    if (!handler) throw new RefusedError(path, `the resource type ${resource.Type} is not emulated`);
    checkProperties(handler, resource, path);
    this.created.set(logicalId, await handler.create(this.resolved(logicalId, path, handler, resource), this.world));
  }

  private resolved(logicalId: string, path: string, handler: ResourceHandler, resource: TemplateResource): ResolvedResource {
    const name = this.names.has(logicalId) ? `${this.stack.name}-${logicalId}` : logicalId;
    this.names.add(name);
    // What is ignored isn't resolved either: an alarm may refer to whatever it likes.
    const properties = Object.fromEntries(Object.entries(resource.Properties ?? {}).filter(([key]) => handler.properties.includes(key)));
    return { logicalId, path, type: resource.Type, properties: this.resolver.resolveObject(properties, path), name, stack: this.stack };
  }

  private pathOf(logicalId: string, resource: TemplateResource): string {
    const own = resource.Metadata?.['aws:cdk:path'];
    return typeof own === 'string' ? own : this.stack.paths.get(logicalId) ?? `${this.stack.path}/${logicalId}`;
  }
}

function checkProperties(handler: ResourceHandler, resource: TemplateResource, path: string): void {
  const unknown = Object.keys(resource.Properties ?? {}).find((key) => !handler.properties.includes(key) && !handler.ignored.includes(key));
  if (unknown !== undefined) throw new RefusedError(path, `the property ${unknown} of ${resource.Type} is not emulated`);
}

function pseudoParameters(stack: LoadedStack): Record<string, Json> {
  return {
    'AWS::AccountId': ACCOUNT_ID,
    'AWS::NotificationARNs': [],
    'AWS::Partition': PARTITION,
    'AWS::Region': REGION,
    'AWS::StackId': arn('cloudformation', `stack/${stack.name}/local`),
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': URL_SUFFIX,
  };
}
