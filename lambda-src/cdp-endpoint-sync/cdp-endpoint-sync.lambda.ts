import { parseCdpEndpointSync } from '../../src/contract/cdp-endpoint-sync';
import { loadConfig } from '../../src/contract/env';
import { createEndpointTarget } from '../endpoint-targets';
import { createFormat } from '../formats';
import { createMapper } from '../mapping';
import { createSync } from './core';
import { endpointIds } from '../mapping/endpoint-id';
import { batchHandler } from '../runtime/batch-handler';
import { s3DeadLetters } from '../runtime/dead-letters';

const config = loadConfig(parseCdpEndpointSync, process.env);
const { instance, mapping } = config;
// @ts-expect-error -- the bundle is an ES module, which may wait; TypeScript takes this file for CommonJS.
const target = await createEndpointTarget(config.target, { ids: endpointIds(mapping.endpointId), eventChannels: mapping.eventChannels });

export const handler = batchHandler(instance, createSync({
  instance, target, format: createFormat(config.format), map: createMapper(mapping), deadLetters: s3DeadLetters(config.deadLetters),
}));
