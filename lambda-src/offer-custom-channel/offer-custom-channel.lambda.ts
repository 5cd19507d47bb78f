import { createOfferChannel } from './core';
import { channelHandler } from './handler';
import { loadConfig } from '../../src/contract/env';
import { parseOfferCustomChannel } from '../../src/contract/offer-custom-channel';
import { createOfferCaller } from '../offer-callers';
import { s3DeadLetters } from '../runtime/dead-letters';
import { sqsQueue } from '../runtime/queue';

const config = loadConfig(parseOfferCustomChannel, process.env);

export const handler = channelHandler(config.instance, createOfferChannel({
  config,
  caller: createOfferCaller(config.caller),
  queue: sqsQueue(config.queueUrl),
  deadLetters: s3DeadLetters(config.deadLetters),
}));
