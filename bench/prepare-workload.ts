import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { createPrepare } from '../lambda-src/segment-prepare/core';
import { s3Outputs } from '../lambda-src/segment-prepare/outputs';
import { createRows } from '../lambda-src/segment-targets';
import type { SegmentPrepareConfig } from '../src/contract/segment-prepare';

const HEADER = 'ChannelType,Address,User.UserId,Location.Country,User.UserAttributes.Plan,Attributes.Interests,Metrics.Ltv\n';
/** Rows of a list as a CDP exports it: two thirds e-mail, one third telephone numbers. */
const rowOf = (n: number): string => n % 3 === 0
  ? `SMS,+1206555${String(n % 10_000).padStart(4, '0')},user-${n},US,gold,hats,${n % 1000}.5\n`
  : `EMAIL,user.${n}@example.com,user-${n},DE,silver,"shoes, belts",${n % 1000}\n`;

const CHUNK_ROWS = 1000;

/** CSV of about that many bytes, made while it is read. */
export function* csvChunks(bytes: number): Generator<Buffer> {
  let made = 0;
  let row = 0;
  yield Buffer.from(HEADER);
  while (made < bytes) {
    const chunk = Buffer.from(Array.from({ length: CHUNK_ROWS }, () => rowOf(row++)).join(''));
    made += chunk.length;
    yield chunk;
  }
}

const CONFIG: SegmentPrepareConfig = {
  version: 1, instance: 'Bench/Lists', inbox: { bucketName: 'lists', prefix: 'segments' }, work: { bucketName: 'work', prefix: 'w' },
  rows: { columns: {}, ignoredColumns: [], endpointId: '{userId}:{channel}', maxRejectedRows: 0 },
  target: { kind: 'pinpoint', applicationId: 'bench', importRoleArn: 'role', registerEndpoints: true, defineSegment: true },
};
const EVENT = {
  time: '2026-11-23T10:00:00Z', detail: { bucket: { name: 'lists' }, object: { key: 'segments/Bench.csv', etag: 'e', size: 1, sequencer: '61' } },
};

/** Everything the function does with a list, uploads included; the answers of S3 come from here. */
export async function prepare(chunks: () => Iterable<Buffer>): Promise<void> {
  const handler = createPrepare({
    config: CONFIG, rowsOf: (cut) => createRows(CONFIG.target, CONFIG.rows, cut),
    inbox: { list: async () => [], open: async () => Readable.from(chunks(), { objectMode: false }) },
    outputs: s3Outputs(CONFIG.work, client()),
    claims: { create: async () => true, replace: async () => true, find: async () => undefined, read: async () => { throw new Error('unused'); } },
    logger: { info: () => undefined },
  });
  const { status } = await handler({ execution: 'e', event: EVENT });
  if (status !== 'ready') throw new Error(`the list was ${status}`);
}

const HEADERS = { 'content-type': 'application/xml', 'etag': '"e"' };
const xml = (text: string) => ({ response: { statusCode: 200, headers: HEADERS, body: Readable.from([text]) } });

function client(): S3Client {
  const handle = async (request: { readonly method: string; readonly query?: Record<string, unknown> }) => {
    if (request.method === 'POST' && 'uploads' in (request.query ?? {})) {
      return xml('<InitiateMultipartUploadResult><Bucket>work</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>');
    }
    return xml(request.method === 'POST' ? '<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>' : '');
  };
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  return new S3Client({ region: 'eu-west-1', credentials, requestHandler: { handle } as never });
}
