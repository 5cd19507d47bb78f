import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { WorkConfig } from '../../src/contract/segment-import';
import { s3Error } from '../segment-import/s3-error';

/** A file that is being written. */
export interface Output {
  /** Resolves when more may come, so that a slow upload slows the reading down. */
  write(text: string): Promise<void>;
  /** Resolves when the file is there. */
  close(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

export interface Outputs {
  open(key: string): Output;
  urlOf(key: string): string;
}

/** Parts of an upload: 10,000 of them are allowed, so that 1 GB needs more than 100 KB each; two at a time bound the memory.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;

export function s3Outputs({ bucketName: Bucket, prefix }: WorkConfig, client = new S3Client({ maxAttempts: 5 })): Outputs {
  return {
    urlOf: (key) => `s3://${Bucket}/${prefix}/${key}`,
    open: (key) => {
      const Body = new PassThrough({ highWaterMark: 1024 * 1024 });
      const upload = new Upload({ client, params: { Bucket, Key: `${prefix}/${key}`, Body }, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE });
      return outputOf(Body, upload.done());
    },
  };
}

export function outputOf(body: PassThrough, done: Promise<unknown>): Output {
  let failure: Error | undefined;
  const uploaded = done.catch((error: unknown) => {
    failure ??= s3Error(error);
    body.destroy();
  });
  body.on('error', (error) => void (failure ??= error));
  const finish = async () => {
    await uploaded;
    if (failure) throw failure;
  };
  return {
    write: async (text) => {
      if (!failure && !body.write(text)) await Promise.race([once(body, 'drain'), uploaded]);
      if (failure) throw failure;
    },
    close: async () => {
      body.end();
      await finish();
    },
    abandon: async () => {
      body.destroy(new Error('abandoned'));
      await uploaded;
    },
  };
}
