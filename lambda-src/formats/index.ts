import type { CdpFormatConfig, CdpFormatKind } from '../../src/contract/cdp-format';
import type { CdpMessage } from '../model';
import { auto } from './auto';
import { cloudEvents } from './cloudevents';
import { mParticle } from './mparticle';
import { pinpoint } from './pinpoint';
import { rudderStack } from './rudderstack';
import { segment } from './segment';
import { tealium } from './tealium';
import type { Arrival } from '../runtime/stream-batch';

export type { Arrival };

/** A CDP's vocabulary. Pure: the same body and arrival give the same messages. */
export interface Format {
  /** Takes an envelope apart, so that each message has an outcome of its own. */
  split(body: unknown): readonly unknown[];
  /** Reads one message. Throws a Rejection when it can't be understood. */
  read(body: Readonly<Record<string, unknown>>, arrival: Arrival, cut: (reason: string) => void): readonly CdpMessage[];
}

const FORMATS: { readonly [K in CdpFormatKind]: (config: Extract<CdpFormatConfig, { kind: K }>) => Format } = {
  segment: () => segment,
  rudderstack: () => rudderStack,
  mparticle: () => mParticle,
  tealium: () => tealium,
  cloudevents: ({ inner }) => cloudEvents(createFormat(inner)),
  pinpoint: () => pinpoint,
  auto: () => auto,
};

export function createFormat(config: CdpFormatConfig): Format {
  return (FORMATS[config.kind] as (c: CdpFormatConfig) => Format)(config);
}
