import type { CdpFormatConfig, CdpFormatKind } from '../../src/contract/cdp-format';
import type { CdpMessage } from '../model';
import { pinpoint } from './pinpoint';
import { segment } from './segment';

/** What a format may need to know of the record that carries a message. */
export interface Arrival {
  /** Unique and the same at every delivery: stands in for a message id that the CDP left out. */
  readonly id: string;
  /** ISO 8601; stands in for a timestamp that the CDP left out. */
  readonly at: string;
}

/** A CDP's vocabulary. Pure: the same body and arrival give the same messages. */
export interface Format {
  /** Takes an envelope apart, so that each message has an outcome of its own. */
  split(body: unknown): readonly unknown[];
  /** Reads one message. Throws a Rejection when it can't be understood. */
  read(body: Readonly<Record<string, unknown>>, arrival: Arrival, cut: (reason: string) => void): readonly CdpMessage[];
}

const FORMATS: { readonly [K in CdpFormatKind]: (config: Extract<CdpFormatConfig, { kind: K }>) => Format } = {
  segment: () => segment,
  pinpoint: () => pinpoint,
};

export function createFormat(config: CdpFormatConfig): Format {
  return (FORMATS[config.kind] as (c: CdpFormatConfig) => Format)(config);
}
