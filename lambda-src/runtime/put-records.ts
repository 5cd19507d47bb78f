/** What PutRecords takes. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const MAX_RECORDS_PER_REQUEST = 500;
/** Kept below the 10 MiB of the documentation, as older Regions and emulators take 5 MiB. */
export const MAX_REQUEST_BYTES = 5 * 1024 * 1024;
/** Data and partition key together: what every stream takes, whatever its own maximum, which can be raised to 10 MiB. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/** A record on its way to a stream. */
export interface StreamEntry {
  readonly PartitionKey: string;
  readonly Data: Buffer;
}

export const sizeOf = ({ Data, PartitionKey }: StreamEntry): number => Data.length + Buffer.byteLength(PartitionKey);

/** Requests in the order of the records, each as full as the limits allow. */
export function packEntries<E extends StreamEntry>(entries: readonly E[]): E[][] {
  const requests: E[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = requests[requests.length - 1];
    if (!last || last.length >= MAX_RECORDS_PER_REQUEST || bytes + size > MAX_REQUEST_BYTES) {
      requests.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return requests;
}
