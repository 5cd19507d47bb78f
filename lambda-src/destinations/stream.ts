import { createHash } from 'node:crypto';
import { DestinationAdapter, itemOf, Limits } from './destination';
import type { StreamDestinationConfig } from '../../src/contract/cdp-destination';
import { genericEvent } from '../formats/outbound/generic';
import { streamTransport } from '../transports/stream';

/** Kept below today's 10 MiB, as older Regions and emulators take 5 MiB a request and 1 MiB a record.
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const STREAM_LIMITS: Limits = {
  items: 500, bytes: 5 * 1024 * 1024, itemBytes: 1024 * 1024 - 256, envelopeBytes: 0, perItemBytes: 256, inFlight: 2,
};
const MAX_PARTITION_KEY_LENGTH = 256;

/** One record per event, the user as its partition key. */
export function streamDestination({ streamArn }: StreamDestinationConfig, put = streamTransport(streamArn)): DestinationAdapter {
  return {
    limits: STREAM_LIMITS,
    encode: (event) => itemOf(event, genericEvent(event)),
    send: (items, deadline) => put(items.map(({ user, text }) => ({ Data: Buffer.from(text), PartitionKey: partitionKey(user) })), deadline),
  };
}

/** At most 256 characters; a longer id still always takes the same shard. */
function partitionKey(user: string): string {
  return user.length <= MAX_PARTITION_KEY_LENGTH / 4 ? user : createHash('sha256').update(user).digest('hex');
}
