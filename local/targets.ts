import { DeadLetterPlace } from './dead-letters';
import { RefusedError } from './errors';
import { EventSourceMapping } from './lambda/event-source-mapping';
import { FunctionSpec } from './lambda/function-spec';
import { JsonObject, isObject } from './template/model';
import { ABANDONED_BATCHES_PREFIX } from '../src/contract/dead-letters';
import { CONFIG_VARIABLE } from '../src/contract/env';

/** What the run has to know of an app's constructs, read from what they tell their own handlers. */

/** Streams that take the messages of `--events`: those of CdpEndpointSync or, in an app without our constructs, all that are read. */
export function eventStreams(mappings: readonly EventSourceMapping[], format: string, option: string): string[] {
  const ours = mappings.filter(({ fn }) => isEndpointSync(configOf(fn)));
  const chosen = ours.length > 0 || mappings.some(({ fn }) => configOf(fn)) ? ours : mappings;
  if (chosen.length === 0) throw new RefusedError(option, 'the app has no CdpEndpointSync that reads a stream');
  for (const { fn } of ours) {
    const reads = formatOf(fn);
    if (reads !== format) {
      throw new RefusedError(fn.construct, `reads ${reads}, not ${format}: let the app take its format from the context key "format"`);
    }
  }
  return [...new Set(chosen.map(({ spec }) => spec.streamName))];
}

export function deadLetterPlaces(functions: readonly FunctionSpec[], mappings: readonly EventSourceMapping[]): DeadLetterPlace[] {
  const ofHandlers = functions.flatMap((fn): DeadLetterPlace[] => {
    const letters = configOf(fn)?.deadLetters;
    if (!isObject(letters) || typeof letters.bucketName !== 'string') return [];
    return [{ construct: fn.construct, bucket: letters.bucketName, writer: 'handler', prefix: `${String(letters.prefix)}/` }];
  });
  const ofMappings = mappings.flatMap(({ spec, fn }): DeadLetterPlace[] => spec.onFailureBucket === undefined ? [] : [
    { construct: fn.construct, bucket: spec.onFailureBucket, writer: 'mapping', prefix: `${ABANDONED_BATCHES_PREFIX}/${spec.uuid}/` },
  ]);
  // The functions of one construct (handler, redrive) name the same place.
  return [...new Map([...ofHandlers, ...ofMappings].map((place) => [JSON.stringify(place), place])).values()];
}

function configOf({ environment }: FunctionSpec): JsonObject | undefined {
  const text = environment[CONFIG_VARIABLE];
  const config: unknown = text === undefined ? undefined : JSON.parse(text);
  return isObject(config) ? config : undefined;
}

function isEndpointSync(config: JsonObject | undefined): boolean {
  return config !== undefined && 'format' in config && 'target' in config && 'mapping' in config;
}

function formatOf(fn: FunctionSpec): string {
  const format = configOf(fn)?.format;
  return isObject(format) ? String(format.kind) : 'unknown';
}
