import type { KinesisStreamEvent } from 'aws-lambda';
import { formatConfig } from './formats';
import { mapping, OPT_OUT } from './mapping';
import { createSync } from '../../../lambda-src/cdp-endpoint-sync/core';
import type { EndpointTargetAdapter, Sourced } from '../../../lambda-src/endpoint-targets';
import { createFormat } from '../../../lambda-src/formats';
import { createMapper } from '../../../lambda-src/mapping';
import type { Outcome } from '../../../lambda-src/model';
import { DONE } from '../../../lambda-src/model';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';

export interface Synced {
  readonly retryCode?: unknown;
  /** Sequence number of the record from which the stream delivers again. */
  readonly failed?: string;
  readonly letters: DeadLetter[];
  readonly lag?: number;
  readonly counts: Record<string, number>;
  readonly reasons: Record<string, number>;
}

export interface SyncOptions {
  readonly format?: CdpFormatKind;
  readonly millis?: number;
  readonly store?: () => Promise<void>;
}

class RecordedTelemetry extends Telemetry {
  public readonly byReason: Record<string, number> = {};

  public countReason(metric: string, reason: string, value = 1): void {
    super.countReason(metric, reason, value);
    this.byReason[`${metric} ${reason}`] = (this.byReason[`${metric} ${reason}`] ?? 0) + value;
  }
}

/** One invocation of the core. */
export async function sync(target: EndpointTargetAdapter, event: KinesisStreamEvent, { format = 'segment', millis = 10_000, store }: SyncOptions = {}): Promise<Synced> {
  const letters: DeadLetter[] = [];
  const run = createSync({
    instance: 'Sync', format: createFormat(formatConfig(format)), map: createMapper(mapping(OPT_OUT)), target,
    deadLetters: { write: async (written) => {
      await store?.();
      letters.push(...written);
    } },
  });
  const telemetry = new RecordedTelemetry('Sync');
  const { batchItemFailures } = await run(event, Date.now() + millis, telemetry);
  if (batchItemFailures.length > 1) throw new Error('more than one failure');
  const { Lag: lag, ...counts } = telemetry.summary();
  return { failed: batchItemFailures[0]?.itemIdentifier, letters, counts, lag, reasons: telemetry.byReason, retryCode: telemetry.line().retryCode };
}

/** A target that says of each change what a test wants, by user. */
export function fakeTarget(outcomeOf: (sourced: Sourced) => Outcome = () => DONE): EndpointTargetAdapter & { readonly seen: Sourced[] } {
  const seen: Sourced[] = [];
  return { seen, apply: async (changes) => {
    seen.push(...changes);
    return changes.map(outcomeOf);
  } };
}
