import { object, oneOf, Parser, positive, text, union } from './parse';

/** The user's own function. */
export interface FunctionFormatConfig {
  readonly kind: 'function';
  readonly functionArn: string;
  /** Most messages of one invocation. */
  readonly maxBatchSize: number;
}

/** The vocabulary a CDP's messages are written in. */
export type CdpFormatConfig =
  | { readonly kind: 'segment' }
  | { readonly kind: 'rudderstack' }
  | { readonly kind: 'mparticle' }
  | { readonly kind: 'tealium' }
  | { readonly kind: 'cloudevents'; readonly inner: CdpFormatConfig }
  | { readonly kind: 'pinpoint' }
  | FunctionFormatConfig
  | { readonly kind: 'auto' };
export type CdpFormatKind = CdpFormatConfig['kind'];

/** Those that their name says everything of. */
export type NamedFormatKind = Exclude<CdpFormatKind, 'cloudevents' | 'function'>;

export const parseCdpFormat: Parser<CdpFormatConfig> = union('kind', {
  segment: object({ kind: oneOf(['segment']) }),
  rudderstack: object({ kind: oneOf(['rudderstack']) }),
  mparticle: object({ kind: oneOf(['mparticle']) }),
  tealium: object({ kind: oneOf(['tealium']) }),
  cloudevents: object({ kind: oneOf(['cloudevents']), inner: (raw, path) => parseCdpFormat(raw, path) }),
  pinpoint: object({ kind: oneOf(['pinpoint']) }),
  function: object({ kind: oneOf(['function']), functionArn: text, maxBatchSize: positive }),
  auto: object({ kind: oneOf(['auto']) }),
});
