import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { RefusedError } from '../errors';
import { LoadedStack, Template } from './model';

interface AssetManifest {
  readonly files?: Readonly<Record<string, {
    readonly source: { readonly path?: string };
    readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
  }>>;
}

/** Reads the stacks of a cloud assembly, each after those that it depends on. */
export function loadStacks(folder: string): LoadedStack[] {
  const assembly = new CloudAssembly(folder);
  const stacks = inOrder(assembly.stacksRecursively);
  if (stacks.length === 0) throw new RefusedError(folder, 'the app has no stack');
  return stacks.map((stack) => ({
    name: stack.stackName,
    path: stack.hierarchicalId,
    template: stack.template as Template,
    paths: pathsIn(stack),
    assets: assetsOf(stack),
  }));
}

function inOrder(stacks: readonly CloudFormationStackArtifact[]): CloudFormationStackArtifact[] {
  const order = new Set<CloudFormationStackArtifact>();
  const visit = (stack: CloudFormationStackArtifact): void => {
    for (const needed of stack.dependencies) {
      if (needed instanceof CloudFormationStackArtifact && !order.has(needed)) visit(needed);
    }
    order.add(stack);
  };
  stacks.forEach(visit);
  return [...order];
}

/** The assembly's own record of construct paths; templates carry them only when an option of the CLI is on. */
function pathsIn(stack: CloudFormationStackArtifact): Map<string, string> {
  return new Map(stack.findMetadataByType('aws:cdk:logicalId').map(({ path, data }) => [String(data), path.replace(/^\//, '')]));
}

function assetsOf(stack: CloudFormationStackArtifact): Map<string, string> {
  const { directory } = stack.assembly;
  const file = join(directory, `${stack.id}.assets.json`);
  if (!existsSync(file)) return new Map();
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as AssetManifest;
  return new Map(Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, join(directory, source.path ?? '')] as const)));
}
