import type { CdpFormatConfig, CdpFormatKind } from '../../src/contract/cdp-format';
import type { CdpMessage, Outcome } from '../model';
import { auto } from './auto';
import { cloudEvents } from './cloudevents';
import { functionFormat } from './function';
import { mParticle } from './mparticle';
import { pinpoint } from './pinpoint';
import { rudderStack } from './rudderstack';
import { segment } from './segment';
import { tealium } from './tealium';
import type { Arrival } from '../runtime/stream-batch';

export type { Arrival };

export interface Untranslated {
  readonly id: string;
  readonly at: string;
  readonly body: unknown;
}

/** What a message says in words that `read` knows, or what has become of it. */
export type Translated = { readonly messages: readonly Readonly<Record<string, unknown>>[] } | Outcome;

/** A CDP's vocabulary. Pure: the same body and arrival give the same messages. */
export interface Format {
  /** JSON.parse for a vocabulary whose ids it would round; for anything else it must read the same. */
  parse?(text: string): unknown;
  /** Only of a format that has to ask somebody: an answer for each message, in the same order. What is in it is for `read`. */
  translate?(messages: readonly Untranslated[], deadline: number): Promise<readonly Translated[]>;
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
  function: (config) => functionFormat(config),
  auto: () => auto,
};

export function createFormat(config: CdpFormatConfig): Format {
  return (FORMATS[config.kind] as (c: CdpFormatConfig) => Format)(config);
}
