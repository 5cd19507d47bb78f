import { createOfferDelivery } from './core';
import { loadConfig } from '../../src/contract/env';
import { parseOfferDelivery } from '../../src/contract/offer-custom-channel';
import { createDelivery } from '../delivery';
import { createOfferCaller } from '../offer-callers';
import { batchHandler } from '../runtime/batch-handler';
import { s3DeadLetters } from '../runtime/dead-letters';
import { createLogger } from '../runtime/log';
import { sqsQueue } from '../runtime/queue';

const config = loadConfig(parseOfferDelivery, process.env);

export const handler = batchHandler(config.instance, createOfferDelivery({
  config,
  caller: createOfferCaller(config.caller),
  delivery: createDelivery(config.destination),
  queue: sqsQueue(config.queueUrl),
  deadLetters: s3DeadLetters(config.deadLetters),
  logger: createLogger(config.instance),
}));
