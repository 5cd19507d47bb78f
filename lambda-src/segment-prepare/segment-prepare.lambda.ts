import { loadConfig } from '../../src/contract/env';
import { parseSegmentPrepare } from '../../src/contract/segment-prepare';
import { createLogger } from '../runtime/log';
import { createRows } from '../segment-targets';
import { createPrepare } from './core';
import { s3Inbox } from './inbox';
import { s3Outputs } from './outputs';
import { s3Documents } from '../segment-import/documents';

const config = loadConfig(parseSegmentPrepare, process.env);
const { inbox, work, rows, target, instance } = config;

export const handler = createPrepare({
  config, logger: createLogger(instance), rowsOf: (cut) => createRows(target, rows, cut),
  inbox: s3Inbox(inbox.bucketName), outputs: s3Outputs(work), claims: s3Documents(work.bucketName, work.prefix),
});
