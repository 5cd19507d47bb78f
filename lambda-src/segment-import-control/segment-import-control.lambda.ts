import { loadConfig } from '../../src/contract/env';
import { parseSegmentImportControl } from '../../src/contract/segment-import-control';
import { createLogger } from '../runtime/log';
import { s3Documents } from '../segment-import/documents';
import { createJobs } from '../segment-targets';
import { createControl } from './core';
import { eventBridgeNotices } from './notices';
import { s3Reports } from './reports';

const config = loadConfig(parseSegmentImportControl, process.env);

export const handler = createControl({
  config, jobs: createJobs(config.target), documents: s3Documents(config.work.bucketName, config.work.prefix), reports: s3Reports(config.work),
  notices: eventBridgeNotices(config.eventBusName), logger: createLogger(config.instance),
});
