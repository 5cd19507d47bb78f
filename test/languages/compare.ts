import * as fs from 'node:fs';
import * as path from 'node:path';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * What the two assemblies' templates differ in, as `file path: left / right`. Asset hashes are part of the templates, so they are compared too.
 * Left out is only what the CDK says about itself: the resource AWS::CDK::Metadata lists the language and versions of the program that
 * synthesized, and its condition comes and goes with it.
 */
export function compareAssemblies(left: string, right: string): readonly string[] {
  const names = [...new Set([...templates(left), ...templates(right)])].sort();
  if (names.length === 0) return ['no template was synthesized'];
  return names.flatMap((name) => differences(name, load(left, name), load(right, name)));
}

function templates(folder: string): string[] {
  return fs.readdirSync(folder).filter((file) => file.endsWith('.template.json'));
}

function load(folder: string, name: string): Json {
  const file = path.join(folder, name);
  if (!fs.existsSync(file)) return null;
  const { Resources: resources = {}, Conditions: { CDKMetadataAvailable: _, ...conditions } = {}, ...rest } =
    JSON.parse(fs.readFileSync(file, 'utf8'));
  const own = Object.entries<{ Type: string }>(resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata');
  return { ...rest, Resources: Object.fromEntries(own) as unknown as Json, Conditions: conditions };
}

function differences(at: string, left: Json | undefined, right: Json | undefined): string[] {
  if (!isContainer(left) || !isContainer(right) || Array.isArray(left) !== Array.isArray(right)) {
    return left === right ? [] : [`  ${at}: ${JSON.stringify(left)} / ${JSON.stringify(right)}`];
  }
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => differences(`${at} ${key}`, left[key], right[key]));
}

/** A list is an object of its indices here. */
function isContainer(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}
