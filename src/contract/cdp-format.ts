import { object, oneOf, Parser, union } from './parse';

/** The vocabulary a CDP's messages are written in. */
export type CdpFormatConfig = { readonly kind: 'segment' } | { readonly kind: 'pinpoint' };
export type CdpFormatKind = CdpFormatConfig['kind'];

export const parseCdpFormat: Parser<CdpFormatConfig> = union('kind', {
  segment: object({ kind: oneOf(['segment']) }),
  pinpoint: object({ kind: oneOf(['pinpoint']) }),
});
