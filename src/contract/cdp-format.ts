import { object, oneOf, Parser, union } from './parse';

/** The vocabulary a CDP's messages are written in. */
export type CdpFormatConfig =
  | { readonly kind: 'segment' }
  | { readonly kind: 'rudderstack' }
  | { readonly kind: 'mparticle' }
  | { readonly kind: 'tealium' }
  | { readonly kind: 'cloudevents'; readonly inner: CdpFormatConfig }
  | { readonly kind: 'pinpoint' }
  | { readonly kind: 'auto' };
export type CdpFormatKind = CdpFormatConfig['kind'];

/** Those that their name says everything of. */
export type NamedFormatKind = Exclude<CdpFormatKind, 'cloudevents'>;

export const parseCdpFormat: Parser<CdpFormatConfig> = union('kind', {
  segment: object({ kind: oneOf(['segment']) }),
  rudderstack: object({ kind: oneOf(['rudderstack']) }),
  mparticle: object({ kind: oneOf(['mparticle']) }),
  tealium: object({ kind: oneOf(['tealium']) }),
  cloudevents: object({ kind: oneOf(['cloudevents']), inner: (raw, path) => parseCdpFormat(raw, path) }),
  pinpoint: object({ kind: oneOf(['pinpoint']) }),
  auto: object({ kind: oneOf(['auto']) }),
});
