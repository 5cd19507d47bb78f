import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { RetryableError, s3Error, statusOf, throwS3Error } from './s3-error';

export interface Stored<T> {
  readonly document: T;
  /** Names this state of the document, and no other. */
  readonly etag: string;
}

/**
 * Small JSON documents that several executions change at once: each change names the state that it saw, and is refused when
 * another came first.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export interface Documents {
  /** False: there is one already. */
  create(key: string, document: object): Promise<boolean>;
  /** Only for what is there. */
  read<T>(key: string): Promise<Stored<T>>;
  /** Undefined: it is not there, or may not be read. Without `s3:ListBucket`, S3 answers both with 403. */
  find<T>(key: string): Promise<Stored<T> | undefined>;
  /** False: it is no longer as it was seen. */
  replace(key: string, document: object, etag: string): Promise<boolean>;
}

/** 412: another was first. 409: another is at it this moment, which decides nothing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
const PRECONDITION_FAILED = 412;
const CONFLICT = 409;
const NOT_THERE: readonly (number | undefined)[] = [403, 404];

export function s3Documents(Bucket: string, prefix: string, s3 = new S3Client({ maxAttempts: 5 })): Documents {
  const put = async (key: string, document: object, condition: { IfNoneMatch: '*' } | { IfMatch: string }): Promise<boolean> => {
    const Body = JSON.stringify(document);
    try {
      await s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}/${key}`, Body, ContentType: 'application/json', ...condition }));
      return true;
    } catch (error) {
      if (statusOf(error) === PRECONDITION_FAILED) return false;
      if (statusOf(error) === CONFLICT) throw new RetryableError('another writer is at the same document');
      throw s3Error(error);
    }
  };
  const get = async <T>(key: string): Promise<Stored<T>> => {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket, Key: `${prefix}/${key}` }));
    return { document: JSON.parse(await Body!.transformToString('utf-8')) as T, etag: ETag! };
  };
  return {
    create: (key, document) => put(key, document, { IfNoneMatch: '*' }),
    replace: (key, document, etag) => put(key, document, { IfMatch: etag }),
    read: async <T>(key: string) => get<T>(key).catch(throwS3Error),
    find: async <T>(key: string) => get<T>(key).catch((error: unknown) => NOT_THERE.includes(statusOf(error)) ? undefined : throwS3Error(error)),
  };
}
