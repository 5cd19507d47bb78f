import { createFloor, createPipeline } from './pipeline';
import { atMost, ratioOf, Result } from './result';
import { batches, skewedMessages } from './workload';

/** CPU per record of the core against the floor. */
export async function benchCore(): Promise<Result[]> {
  const events = batches(skewedMessages());
  const pipeline = createPipeline();
  const ratio = await ratioOf(() => events.forEach(pipeline), createFloor(events));
  return [atMost('CPU per record: core ÷ JSON floor', ratio, 2)];
}

/** Requests against the fewest that could carry each batch's distinct endpoints. */
export async function benchCalls(): Promise<Result[]> {
  const pipeline = createPipeline();
  let used = 0;
  let ideal = 0;
  for (const event of batches(skewedMessages())) {
    const { endpoints } = pipeline(event);
    used += endpoints.length;
    ideal += Math.ceil(new Set(endpoints.flat().map((endpoint) => (endpoint as { Id: string }).Id)).size / 100);
  }
  return [atMost('UpdateEndpointsBatch calls ÷ ideal', used / ideal, 1.02)];
}
