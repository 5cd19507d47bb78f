import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { WorkConfig } from '../../src/contract/segment-import';
import { s3Error, throwS3Error } from '../segment-import/s3-error';
import { s3Inbox } from '../segment-prepare/inbox';
import { s3Outputs } from '../segment-prepare/outputs';
import { linesOf } from '../segment-prepare/read-json';

/** Files of one JSON value a line, in the bucket of the construct. Keys are those below its prefix. */
export interface MemberFiles {
  /** All files of a folder, one after the other. */
  readFolder(url: string): AsyncIterable<string>;
  read(key: string): AsyncIterable<string>;
  /** Returns the `s3://…` of what is now there. */
  write(key: string, values: Iterable<unknown>): Promise<string>;
  remove(key: string): Promise<void>;
}

const FLUSH_LENGTH = 64 * 1024;

export function s3MemberFiles(work: WorkConfig, s3 = new S3Client({ maxAttempts: 5 })): MemberFiles {
  const { bucketName: Bucket, prefix } = work;
  const [inbox, outputs] = [s3Inbox(Bucket, s3), s3Outputs(work, s3)];
  const read = async function* (key: string): AsyncGenerator<string> {
    const body = await inbox.open({ key, etag: '', size: 0 });
    try {
      for await (const line of linesOf(body)) yield JSON.parse(line.toString('utf8')) as string;
    } catch (error) {
      // A connection that breaks in the middle is worth another attempt.
      throw s3Error(error);
    }
  };
  return {
    read: (key) => read(`${prefix}/${key}`),
    readFolder: async function* (url) {
      for (const { key } of await inbox.list(url.slice(`s3://${Bucket}/`.length))) yield* read(key);
    },
    write: async (key, values) => {
      const output = outputs.open(key);
      let text = '';
      for (const value of values) {
        text += `${JSON.stringify(value)}\n`;
        if (text.length < FLUSH_LENGTH) continue;
        await output.write(text);
        text = '';
      }
      await output.write(text);
      await output.close();
      return outputs.urlOf(key);
    },
    remove: async (key) => void await s3.send(new DeleteObjectCommand({ Bucket, Key: `${prefix}/${key}` })).catch(throwS3Error),
  };
}
