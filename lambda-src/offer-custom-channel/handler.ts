import type { createOfferChannel } from './core';
import { observed } from '../runtime/observed';

/** The Lambda side of the channel. What it is invoked with is anybody's guess until it is read. */
export function channelHandler(instance: string, channel: ReturnType<typeof createOfferChannel>) {
  return observed<unknown, unknown>(
    instance, 'invocation', async (raw, { telemetry, context }) => channel(raw, { requestId: context.awsRequestId, now: new Date(), telemetry }),
    () => ({}),
  );
}
