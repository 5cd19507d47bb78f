import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { entriesOfBatch, entriesOfLetters, Entry } from './entries';
import type { Objects } from './objects';
import { parseRequest } from './request';
import type { Sink } from './sink';
import type { RedriveConfig } from '../../src/contract/redrive';

/** Kept free to finish the object at hand. */
const MARGIN_MILLIS = 20_000;
const HOUR_MILLIS = 3_600_000;

export interface RedriveDeps {
  readonly config: RedriveConfig;
  readonly objects: Objects;
  readonly sink: Sink;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

export interface RedriveResponse {
  /** Objects whose records are back where they came from. */
  readonly objects: number;
  readonly records: number;
  /** Objects that can't be read as dead letters; they stay where they are. */
  readonly unreadable: number;
  /** false: time ran out; invoke again with the same range. */
  readonly complete: boolean;
}

/** Puts the dead letters of a time range back where they came from, oldest first, and moves each object out of the way when its records are there. */
export function createRedrive({ config, objects, sink, logger }: RedriveDeps) {
  return async (raw: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<RedriveResponse> => {
    const { from, to } = parseRequest(raw, new Date());
    const tally = { objects: 0, records: 0, unreadable: 0 };
    for (const { prefix, startAfter, entriesOf } of sources(config, from)) {
      for await (const { key } of objects.list(prefix, from, to, startAfter)) {
        if (context.getRemainingTimeInMillis() < MARGIN_MILLIS) return report({ ...tally, complete: false });
        const content = await objects.read(key);
        const entries = parse(content, entriesOf);
        if (!entries) {tally.unreadable += 1;} else {
          await sink.put(entries);
          await objects.retire(key, content);
          tally.objects += 1;
          tally.records += entries.length;
        }
      }
    }
    return report({ ...tally, complete: true });
  };

  function report(response: RedriveResponse): RedriveResponse {
    logger.info('redrive', { ...response });
    return response;
  }
}

interface Source {
  readonly prefix: string;
  readonly startAfter?: string;
  readonly entriesOf: (content: string) => Entry[];
}

function sources({ deadLetters, abandonedBatchesPrefix }: RedriveConfig, from: Date): Source[] {
  // An object's key is as old as its first byte, its range goes by its last: around midnight they differ.
  const [date] = new Date(from.getTime() - HOUR_MILLIS).toISOString().split('T');
  return [
    { prefix: deadLetters.prefix, startAfter: `${deadLetters.prefix}/${date.replaceAll('-', '/')}/`, entriesOf: entriesOfLetters },
    ...abandonedBatchesPrefix === undefined ? [] : [{ prefix: abandonedBatchesPrefix, entriesOf: entriesOfBatch }],
  ];
}

function parse(content: string, entriesOf: (content: string) => Entry[]): Entry[] | undefined {
  try {
    return entriesOf(content);
  } catch {
    return undefined;
  }
}
