import { createHash } from 'node:crypto';
import { StreamRecord } from './records';

/** A synchronous invocation takes 6 MB; base64 and the record's envelope are part of it. */
const PAYLOAD_BYTES = 6 * 1024 * 1024;
const ENVELOPE_BYTES = 500;

/** Which of the parallel lanes of a shard a partition key goes through: always the same one, so its order is kept. */
export function laneOf(partitionKey: string, lanes: number): number {
  return createHash('md5').update(partitionKey).digest().readUInt32BE(0) % lanes;
}

export interface LaneOptions {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly process: (batch: StreamRecord[]) => Promise<void>;
  readonly now?: () => number;
}

/** Collects records to batches: full, or as old as the window, or as large as an invocation may be. */
export class Lane {
  private readonly waiting: StreamRecord[] = [];
  private oldestAt = 0;
  private busy = false;
  private timer?: NodeJS.Timeout;

  public constructor(private readonly options: LaneOptions) {}

  public get length(): number {
    return this.waiting.length;
  }

  public push(records: readonly StreamRecord[]): void {
    if (records.length === 0) return;
    if (this.waiting.length === 0) this.oldestAt = this.now();
    this.waiting.push(...records);
    this.pump();
  }

  public stop(): void {
    clearTimeout(this.timer);
    this.waiting.length = 0;
  }

  private pump(): void {
    clearTimeout(this.timer);
    if (this.busy || this.waiting.length === 0) return;
    const wait = this.oldestAt + this.options.windowMs - this.now();
    const size = this.nextSize();
    const full = size >= this.options.batchSize || size < this.waiting.length;
    if (!full && wait > 0) {
      this.timer = setTimeout(() => this.pump(), wait);
      return;
    }
    this.busy = true;
    void this.options.process(this.waiting.splice(0, size)).finally(() => {
      this.busy = false;
      this.oldestAt = this.now();
      this.pump();
    });
  }

  private nextSize(): number {
    let bytes = 0;
    const { batchSize } = this.options;
    const limit = this.waiting.findIndex((record, index) => {
      bytes += Math.ceil(record.data.length / 3) * 4 + ENVELOPE_BYTES;
      return index >= batchSize || (index > 0 && bytes > PAYLOAD_BYTES);
    });
    return limit < 0 ? this.waiting.length : limit;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
