/** What happened at the gateways, as the report shows it. Times are milliseconds since the recorder was made. */

export interface RecordedCall {
  readonly construct: string;
  readonly service: string;
  readonly operation: string;
  readonly items: number;
  readonly bytes: number;
  /** 0 when no answer was given: an injected timeout or reset, or a client that left. */
  readonly status: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Denial {
  readonly construct: string;
  readonly action: string;
  readonly resource: string;
}

/** A call to something that is not emulated; a run with one is not a success. */
export interface Refusal {
  readonly construct: string;
  readonly service: string;
  readonly operation: string;
}

export class Recorder {
  public readonly calls: RecordedCall[] = [];
  public readonly denied: Denial[] = [];
  public readonly refused: Refusal[] = [];
  /** Policies that we can't evaluate and bugs of the emulation: the run must end with them, not pass. */
  public readonly errors: Error[] = [];
  private readonly startedAt = performance.now();

  public now(): number {
    return Math.round(performance.now() - this.startedAt);
  }
}
