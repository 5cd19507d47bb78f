import { createRedrive } from './core';
import { s3Objects } from './objects';
import { kinesisSink } from './sink';
import { loadConfig } from '../../src/contract/env';
import { parseRedrive } from '../../src/contract/redrive';
import { createLogger } from '../runtime/log';

const config = loadConfig(parseRedrive, process.env);

export const handler = createRedrive({
  config, objects: s3Objects(config.deadLetters.bucketName), sink: kinesisSink(config.streamArn), logger: createLogger(config.instance),
});
