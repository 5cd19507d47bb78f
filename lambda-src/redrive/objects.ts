import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { REDRIVEN_PREFIX } from '../../src/contract/dead-letters';

export interface StoredObject {
  readonly key: string;
  readonly writtenAt: Date;
}

export interface Objects {
  /** Everything under a prefix that was written in the range; `startAfter` skips keys that sort before the range. */
  list(prefix: string, from: Date, to: Date, startAfter?: string): AsyncIterable<StoredObject>;
  read(key: string): Promise<string>;
  /** Content out of the way, but still there until the bucket's lifecycle removes it; what is left of the object stays where it is. */
  retire(key: string, content: string, left?: string): Promise<void>;
}

export function s3Objects(Bucket: string): Objects {
  const s3 = new S3Client({ maxAttempts: 5 });
  return {
    list: async function* (prefix, from, to, startAfter) {
      let ContinuationToken: string | undefined;
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/`, StartAfter: startAfter, ContinuationToken }));
        for (const { Key, LastModified } of page.Contents ?? []) {
          if (Key && LastModified && LastModified >= from && LastModified < to) yield { key: Key, writtenAt: LastModified };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    read: async (Key) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString('utf-8'),
    retire: async (Key, Body, left) => {
      await s3.send(new PutObjectCommand({ Bucket, Key: `${REDRIVEN_PREFIX}/${Key}`, Body }));
      await s3.send(left === undefined ? new DeleteObjectCommand({ Bucket, Key }) : new PutObjectCommand({ Bucket, Key, Body: left }));
    },
  };
}
