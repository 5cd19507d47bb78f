import { DestinationAdapter, itemOf, joined, Limits } from './destination';
import type { FunctionDestinationConfig } from '../../src/contract/cdp-destination';
import { genericEvent } from '../formats/outbound/generic';
import { FUNCTION_REQUEST_VERSION, functionTransport } from '../transports/function';

/** A synchronous invocation takes 6 MB. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const FUNCTION_LIMITS: Omit<Limits, 'items'> = { bytes: 6_000_000, itemBytes: 1_000_000, envelopeBytes: 64, perItemBytes: 1, inFlight: 2 };

export function functionDestination(
  { functionArn, maxBatchSize }: FunctionDestinationConfig, invoke = functionTransport(functionArn),
): DestinationAdapter {
  return {
    limits: { ...FUNCTION_LIMITS, items: maxBatchSize },
    encode: (event) => itemOf(event, genericEvent(event)),
    send: (items, deadline) => invoke(items, `{"version":${FUNCTION_REQUEST_VERSION},"events":[${joined(items)}]}`, deadline),
  };
}
