import { randomUUID } from 'node:crypto';
import type { DeadLettersConfig } from '../../src/contract/dead-letters';

/** One line of a dead-letter object: what could not be delivered, whole, and why. */
export interface DeadLetter {
  readonly version: 1;
  /** The construct that wrote it. */
  readonly construct: string;
  readonly code: string;
  readonly reason: string;
  /** When it was given up; ISO 8601. */
  readonly at: string;
  /** Puts it back where it came from. */
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  /** The message as text, or in base64 where it is none. */
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
}

export interface DeadLetterStore {
  /** Resolves when the letters are stored; until then their records must not leave the stream. */
  write(letters: readonly DeadLetter[]): Promise<void>;
}

/** The key sorts and lists by the hour, which is what a redrive asks for. */
export function deadLetterKey(prefix: string, at: Date): string {
  const [date, time] = at.toISOString().split('T');
  return `${prefix}/${date.replaceAll('-', '/')}/${time.slice(0, 2)}/${date}T${time.slice(0, 8)}-${randomUUID()}.ndjson`;
}

type S3Module = Pick<typeof import('@aws-sdk/client-s3'), 'S3Client' | 'PutObjectCommand'>;

const loadS3 = (): Promise<S3Module> => import('@aws-sdk/client-s3');

/** They have to fit into what is kept free at the end of an invocation; what does not is delivered again. */
const REQUEST_TIMES = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** Dead letters as newline-delimited JSON in S3. The client is loaded when the first one is written: most invocations have none. */
export function s3DeadLetters({ bucketName, prefix }: DeadLettersConfig, load: typeof loadS3 = loadS3): DeadLetterStore {
  const client = lazy(async () => {
    const { S3Client, PutObjectCommand } = await load();
    return { s3: new S3Client({ maxAttempts: 3, requestHandler: REQUEST_TIMES }), PutObjectCommand };
  });
  return {
    write: async (letters) => {
      if (letters.length === 0) return;
      const { s3, PutObjectCommand } = await client();
      const Body = letters.map((letter) => JSON.stringify(letter)).join('\n') + '\n';
      const Key = deadLetterKey(prefix, new Date());
      await s3.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, ContentType: 'application/x-ndjson' }));
    },
  };
}

/** Once, but not for ever: a failed start is tried again. */
export function lazy<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => started ??= start().catch((error: unknown) => {
    started = undefined;
    throw error;
  });
}
