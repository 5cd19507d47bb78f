import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { Letter, lettersOf, lettersOfBatch } from './entries';
import type { Objects } from './objects';
import { parseRequest } from './request';
import type { Sink } from './sink';
import type { RedriveConfig } from '../../src/contract/redrive';

/** Kept free to finish the object at hand. */
const MARGIN_MILLIS = 20_000;
const HOUR_MILLIS = 3_600_000;
/** Of an answer. The log names all. */
const MAX_NAMED = 100;

export interface RedriveDeps {
  readonly config: RedriveConfig;
  readonly objects: Objects;
  readonly sink: Sink;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/** A dead letter that can't be put back: it stays where it is. */
export interface LeftLetter {
  /** Of the object that holds it. */
  readonly key: string;
  /** Its line there, from 1 on: where it stood before the others left the object. */
  readonly line: number;
  readonly reason: string;
}

export interface RedriveResponse {
  /** Objects of which records were put back where they came from. */
  readonly objects: number;
  readonly records: number;
  /** Dead letters that can't be put back: those that can't be read, and those that the stream or the queue would never take. */
  readonly unreadable: number;
  /** The first 100 of them. */
  readonly left: readonly LeftLetter[];
  /** false: time ran out; invoke again with the same range. */
  readonly complete: boolean;
}

/** Puts the dead letters of a time range back where they came from, oldest first, and moves each out of the way when its records are there. */
export function createRedrive({ config, objects, sink, logger }: RedriveDeps) {
  return async (raw: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<RedriveResponse> => {
    const { from, to } = parseRequest(raw, new Date());
    const tally = { objects: 0, records: 0, unreadable: 0, left: [] as LeftLetter[] };
    for (const { prefix, startAfter, read } of sources(config, from)) {
      for await (const { key } of objects.list(prefix, from, to, startAfter)) {
        if (context.getRemainingTimeInMillis() < MARGIN_MILLIS) return report({ ...tally, complete: false });
        const { records, left } = await redrive(key, read);
        tally.objects += records > 0 ? 1 : 0;
        tally.records += records;
        tally.unreadable += left.length;
        tally.left.push(...left.slice(0, MAX_NAMED - tally.left.length));
      }
    }
    return report({ ...tally, complete: true });
  };

  async function redrive(key: string, read: Source['read']): Promise<{ records: number; left: LeftLetter[] }> {
    const letters = read(await objects.read(key));
    const reasons = await putLetters(letters, sink);
    const put = letters.filter((letter) => !reasons.has(letter));
    const stays = letters.filter((letter) => reasons.has(letter));
    if (put.length > 0) await objects.retire(key, textOf(put), stays.length > 0 ? textOf(stays) : undefined);
    const left = stays.map((letter) => ({ key, line: letters.indexOf(letter) + 1, reason: reasons.get(letter)! }));
    for (const one of left) logger.error('a dead letter stays', { ...one });
    return { records: put.reduce((sum, { entries }) => sum + entries.length, 0), left };
  }

  function report(response: RedriveResponse): RedriveResponse {
    const { left: _, ...counts } = response;
    logger.info('redrive', counts);
    return response;
  }
}

/** Why letters could not be put back. */
async function putLetters(letters: readonly Letter[], sink: Sink): Promise<Map<Letter, string>> {
  const reasons = new Map(letters.flatMap((letter): [Letter, string][] => typeof letter.entries === 'string' ? [[letter, letter.entries]] : []));
  const placed = letters.flatMap((letter) => typeof letter.entries === 'string' ? [] : letter.entries.map((entry) => ({ letter, entry })));
  if (placed.length === 0) return reasons;
  for (const { index, reason } of await sink.put(placed.map(({ entry }) => entry))) reasons.set(placed[index].letter, reason);
  return reasons;
}

function textOf(letters: readonly Letter[]): string {
  return letters.map(({ text }) => text).join('\n');
}

interface Source {
  readonly prefix: string;
  readonly startAfter?: string;
  readonly read: (content: string) => Letter[];
}

function sources({ deadLetters, abandonedBatchesPrefix }: RedriveConfig, from: Date): Source[] {
  // An object's key is as old as its first byte, its range goes by its last: around midnight they differ.
  const [date] = new Date(from.getTime() - HOUR_MILLIS).toISOString().split('T');
  return [
    { prefix: deadLetters.prefix, startAfter: `${deadLetters.prefix}/${date.replaceAll('-', '/')}/`, read: lettersOf },
    ...abandonedBatchesPrefix === undefined ? [] : [{ prefix: abandonedBatchesPrefix, read: lettersOfBatch }],
  ];
}
