import { createHash } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { Readable } from 'node:stream';
import { RetryableError } from '../segment-import/s3-error';

export interface FileToSend {
  readonly length: number;
  readonly pieces: AsyncIterable<string>;
}

/** A connection on which nothing moves for so long is given up. */
const IDLE_MILLIS = 60_000;

/**
 * The headers by which S3 encrypts with a key of the sender's. The reference of GetUploadJobPath only says "MD5 Client Token"; that the token is
 * the key in base64, and its digest that of the decoded key, is the rule of S3 (unconfirmed).
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function customerKeyHeaders(clientToken: string | undefined): Record<string, string> {
  if (clientToken === undefined) return {};
  const name = 'x-amz-server-side-encryption-customer';
  return {
    [`${name}-algorithm`]: 'AES256',
    [`${name}-key`]: clientToken,
    [`${name}-key-MD5`]: createHash('md5').update(Buffer.from(clientToken, 'base64')).digest('base64'),
  };
}

/** Puts a file at a presigned URL. Whatever goes wrong is worth another attempt, at another URL: this one may have expired. */
export async function sendFile(url: string, clientToken: string | undefined, { length, pieces }: FileToSend, signal: AbortSignal): Promise<void> {
  const { request } = url.startsWith('https:') ? https : http;
  const headers = { 'content-length': length, ...customerKeyHeaders(clientToken) };
  const source = Readable.from(pieces);
  try {
    await new Promise<void>((resolve, reject) => {
      const outgoing = request(url, { method: 'PUT', headers, signal, timeout: IDLE_MILLIS }, (answer) => {
        const { statusCode = 0 } = answer.resume();
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new RetryableError(`Http${statusCode}`));
      });
      outgoing.on('timeout', () => outgoing.destroy(new RetryableError('Timeout')));
      outgoing.on('error', (error: NodeJS.ErrnoException) => reject(error.code === undefined ? error : new RetryableError(error.code)));
      source.on('error', (error) => {
        reject(error);
        outgoing.destroy();
      });
      source.pipe(outgoing);
    });
  } finally {
    source.destroy();
  }
}
