import { isUtf8 } from 'node:buffer';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Json, isObject } from './template/model';
import { REDRIVEN_PREFIX } from '../src/contract/dead-letters';

/** What is known besides the object of why the mapping gave a record up, by the record's event id. */
export type Failures = ReadonlyMap<string, string>;

/** A place where a construct's dead letters lie. */
export interface DeadLetterPlace {
  readonly construct: string;
  readonly bucket: string;
  /** Objects of the handler, or of the event source mapping. */
  readonly writer: 'handler' | 'mapping';
  /** Prefix of the objects, with its slash. */
  readonly prefix: string;
}

export interface DeadLetter {
  readonly construct: string;
  readonly code: string;
  readonly reason: string;
  readonly record: Json;
}

export interface DeadLetters {
  readonly waiting: readonly DeadLetter[];
  /** Were put back on the stream since. */
  readonly redriven: readonly DeadLetter[];
}

/** Reads them back from the bucket: what counts is what lies there, not what was said to be put there. */
export async function readDeadLetters(client: S3Client, places: readonly DeadLetterPlace[], failures: Failures): Promise<DeadLetters> {
  return {
    waiting: await readAll(client, places, failures),
    redriven: await readAll(client, places.map((place) => ({ ...place, prefix: `${REDRIVEN_PREFIX}/${place.prefix}` })), failures),
  };
}

async function readAll(client: S3Client, places: readonly DeadLetterPlace[], failures: Failures): Promise<DeadLetter[]> {
  const found = new Map<string, DeadLetter>();
  for (const place of places) {
    for (const key of await keysIn(client, place)) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: place.bucket, Key: key }));
      const text = await Body?.transformToString() ?? '';
      const letters = place.writer === 'handler' ? handlerLetters(text, place.construct) : mappingLetters(text, place.construct, failures);
      // A handler writes its letters again when the invocation failed after it had written them; each is still one.
      letters.forEach(({ id, letter }) => found.set(`${place.construct} ${id}`, letter));
    }
  }
  return [...found.values()];
}

async function keysIn(client: S3Client, { bucket, prefix }: DeadLetterPlace): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

interface Found {
  readonly id: string;
  readonly letter: DeadLetter;
}

/** NDJSON, one letter a line. */
export function handlerLetters(text: string, construct: string): Found[] {
  const alike = new Map<string, number>();
  return text.split('\n').filter(Boolean).map((line) => {
    const { code, reason, sequenceNumber, payload, encoding } = JSON.parse(line) as Partial<Record<string, string>>;
    // One record may hold the same message twice: the second is another letter, in every object that has both.
    const message = `${sequenceNumber} ${payload}`;
    const occurrence = (alike.get(message) ?? 0) + 1;
    alike.set(message, occurrence);
    const record = parsed(encoding === 'base64' ? textOf(payload ?? '') : payload ?? '');
    return { id: `${message} ${occurrence}`, letter: { construct, code: code ?? '', reason: reason ?? '', record } };
  });
}

/** An object of Lambda's on-failure destination holds the whole event of the last invocation. */
export function mappingLetters(text: string, construct: string, failures: Failures): Found[] {
  const failure = JSON.parse(text) as { requestContext: { condition: string; approximateInvokeCount: number }; payload: string };
  const { condition, approximateInvokeCount } = failure.requestContext;
  const { Records } = JSON.parse(failure.payload) as { Records: { eventID: string; kinesis: { data: string } }[] };
  return Records.map(({ eventID, kinesis }) => {
    const reason = [`given up after ${approximateInvokeCount} invocations`, failures.get(eventID)].filter(Boolean).join(': ');
    return { id: eventID, letter: { construct, code: condition, reason, record: parsed(textOf(kinesis.data)) } };
  });
}

/** Bytes that are no text stay in base64. */
function textOf(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  return isUtf8(bytes) ? bytes.toString() : base64;
}

/** The message as JSON, or as the text it is. */
function parsed(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) || Array.isArray(value) ? value : text;
  } catch {
    return text;
  }
}
