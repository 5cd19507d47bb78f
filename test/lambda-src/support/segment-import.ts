import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Rejection } from '../../../lambda-src/runtime/errors';
import type { Documents } from '../../../lambda-src/segment-import/documents';
import { createPrepare } from '../../../lambda-src/segment-prepare/core';
import type { Inbox } from '../../../lambda-src/segment-prepare/inbox';
import type { Outputs } from '../../../lambda-src/segment-prepare/outputs';
import { createRows } from '../../../lambda-src/segment-targets';
import type { InboxConfig, RowsConfig, SegmentPrepareConfig } from '../../../src/contract/segment-prepare';

/** Conditional writes as S3 documents them, in memory; every call gives way to others first. */
export function memoryDocuments(stored = new Map<string, string>()): Documents & { readonly stored: Map<string, string> } {
  const etagOf = (text: string) => createHash('md5').update(text).digest('hex');
  const writes = new Map<string, number>();
  const version = (key: string) => `${etagOf(stored.get(key)!)}-${writes.get(key) ?? 0}`;
  const write = (key: string, document: object) => {
    stored.set(key, JSON.stringify(document));
    writes.set(key, (writes.get(key) ?? 0) + 1);
    return true;
  };
  return {
    stored,
    create: async (key, document) => {
      await Promise.resolve();
      return stored.has(key) ? false : write(key, document);
    },
    read: async (key) => {
      await Promise.resolve();
      const text = stored.get(key);
      if (text === undefined) throw new Error(`AccessDenied: ${key}`); // what S3 answers without s3:ListBucket
      return { document: JSON.parse(text), etag: version(key) };
    },
    find: async (key) => {
      await Promise.resolve();
      const text = stored.get(key);
      return text === undefined ? undefined : { document: JSON.parse(text), etag: version(key) };
    },
    replace: async (key, document, etag) => {
      await Promise.resolve();
      return version(key) === etag ? write(key, document) : false;
    },
  };
}

export const TARGET = {
  kind: 'pinpoint', applicationId: 'app', importRoleArn: 'arn:aws:iam::111122223333:role/Import', registerEndpoints: true, defineSegment: true,
} as const;

export const ROWS: RowsConfig = { columns: {}, ignoredColumns: [], endpointId: '{userId}:{channel}', maxRejectedRows: 1000 };

export function prepareConfig(rows: Partial<RowsConfig> = {}, inbox: Partial<InboxConfig> = {}): SegmentPrepareConfig {
  return {
    version: 1, instance: 'Stack/Lists', inbox: { bucketName: 'lists', prefix: 'segments', ...inbox }, work: { bucketName: 'work', prefix: 'w' },
    rows: { ...ROWS, ...rows }, target: TARGET,
  };
}

/** The notification of an object, in the shape of https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export function objectCreated(key: string, object: Record<string, unknown> = {}, time = '2026-11-23T10:00:00Z'): object {
  return {
    'version': '0', 'id': '17793124-05d4-b198-2fde-7ededc63b103', 'detail-type': 'Object Created', 'source': 'aws.s3', 'account': '111122223333', time,
    'region': 'eu-west-1', 'resources': ['arn:aws:s3:::lists'],
    'detail': {
      'version': '0', 'bucket': { name: 'lists' },
      'object': { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '617f08299329d189', ...object },
      'request-id': 'N4N7GDK58NMKJ12R', 'requester': '111122223333', 'source-ip-address': '192.0.2.1', 'reason': 'PutObject',
    },
  };
}

export interface PrepareWorld {
  readonly written: Map<string, string>;
  readonly abandoned: string[];
  readonly documents: Documents;
  prepare(key: string, options?: { readonly object?: Record<string, unknown>; readonly execution?: string }): Promise<any>;
}

export type Content = string | Buffer | Error;

/** A bucket in memory, read in chunks of a few bytes so that every border falls somewhere else. */
export function givenLists(
  contents: Record<string, Content>, config = prepareConfig(), chunk = 7, bytes?: number, attempt: (() => string) | null = () => 'attempt',
): PrepareWorld {
  const written = new Map<string, string>();
  const abandoned: string[] = [];
  const documents = memoryDocuments();
  const buffers = new Map(Object.entries(contents).map(([key, content]) => [key, Buffer.from(content instanceof Error ? 'Id\n1\n' : content)]));
  const inbox: Inbox = {
    list: async (folder) => [...buffers].filter(([key]) => key.startsWith(folder) && !key.slice(folder.length).includes('/') && !/^[_.]/.test(key.slice(folder.length)))
      .map(([key, content]) => ({ key, etag: 'e', size: content.length })),
    open: async ({ key, etag }) => {
      if (etag === 'changed' || key.endsWith('changed')) throw new Rejection('SourceChanged', 'the file was written anew');
      const content = buffers.get(key)!;
      const pieces = Array.from({ length: Math.ceil(content.length / chunk) }, (_, index) => content.subarray(index * chunk, (index + 1) * chunk));
      const broken = contents[key];
      if (!(broken instanceof Error)) return Readable.from(pieces, { objectMode: false });
      return Readable.from((async function* () {
        yield* pieces;
        throw broken;
      })(), { objectMode: false });
    },
  };
  const outputs: Outputs = {
    urlOf: (key) => `s3://work/w/${key}`,
    open: (key) => {
      let text = '';
      return {
        write: async (more) => void (text += more),
        close: async () => void written.set(key, text),
        abandon: async () => void abandoned.push(key),
      };
    },
  };
  const rowsOf = (cut: (reason: string) => void) => {
    const rows = createRows(config.target, config.rows, cut);
    return bytes === undefined ? rows : { ...rows, limits: { ...rows.limits, bytes } };
  };
  const handler = createPrepare({ config, rowsOf, inbox, outputs, claims: documents, logger: { info: () => undefined }, ...attempt && { attempt } });
  return {
    written, abandoned, documents,
    prepare: (key, { object = {}, execution = 'execution-1' } = {}) =>
      handler({ execution, event: objectCreated(key, { size: buffers.get(key)?.length ?? 0, ...object }) }),
  };
}
