import { parseEngagementStreamToCdp } from '../../src/contract/engagement-stream-to-cdp';
import { loadConfig } from '../../src/contract/env';
import { createDelivery } from '../delivery';
import { createEngagementSource } from '../engagement-sources';
import { createEngagementStream } from './core';
import { batchHandler } from '../runtime/batch-handler';
import { s3DeadLetters } from '../runtime/dead-letters';

const config = loadConfig(parseEngagementStreamToCdp, process.env);
const { instance, events } = config;

export const handler = batchHandler(instance, createEngagementStream({
  instance,
  events,
  source: createEngagementSource(config.source),
  delivery: createDelivery(config.destination),
  deadLetters: s3DeadLetters(config.deadLetters),
}));
