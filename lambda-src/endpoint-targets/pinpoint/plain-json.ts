import type { PinpointClient } from '@aws-sdk/client-pinpoint';

/** The member of each command that is its request's body, and what stands in for it while the SDK builds the request. */
const PAYLOADS: Readonly<Record<string, { readonly member: string; readonly empty: object }>> = {
  UpdateEndpointsBatchCommand: { member: 'EndpointBatchRequest', empty: { Item: [] } },
  PutEventsCommand: { member: 'EventsRequest', empty: { BatchItem: {} } },
};

/** In the context of one call. The client must not cache resolved middleware (`cacheMiddleware`): calls would share it. */
const BODY = 'plainJsonBody';

/**
 * Our requests are plain JSON already: texts, numbers, lists and maps under the service's own names. The SDK's serializer and its
 * log filter each walk every value by its schema, which costs more CPU than everything else that is done to a record, so the body is written
 * by JSON.stringify and nothing is logged. Routing, retries, signing and answers stay the SDK's.
 */
export function writePlainJson({ middlewareStack }: PinpointClient): void {
  middlewareStack.remove('loggerMiddleware');
  middlewareStack.add((next, context) => (args) => {
    const payload = PAYLOADS[context.commandName!];
    if (!payload) return next(args);
    const { member, empty } = payload;
    const input = args.input as Record<string, unknown> & typeof args.input;
    context[BODY] = Buffer.from(JSON.stringify(input[member]));
    return next({ ...args, input: { ...input, [member]: empty } });
  }, { step: 'serialize', priority: 'high', name: 'plainJsonInputMiddleware' });
  middlewareStack.add((next, context) => (args) => {
    if (context[BODY] !== undefined) (args.request as { body: unknown }).body = context[BODY];
    return next(args);
  }, { step: 'build', priority: 'high', name: 'plainJsonBodyMiddleware' });
}
