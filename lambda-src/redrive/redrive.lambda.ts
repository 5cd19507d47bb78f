import { createRedrive } from './core';
import { s3Objects } from './objects';
import { createSink } from './sink';
import { loadConfig } from '../../src/contract/env';
import { parseRedrive } from '../../src/contract/redrive';
import { createLogger } from '../runtime/log';

const config = loadConfig(parseRedrive, process.env);

export const handler = createRedrive({
  config, objects: s3Objects(config.deadLetters.bucketName), sink: createSink(config.sink), logger: createLogger(config.instance),
});
