import { forged, HEX, isSignedBy, missing } from './compare';
import type { Verification } from './index';
import type { SegmentSignatureConfig } from '../../src/contract/webhook';
import { elementsOf } from '../webhook/elements';

const HEADER = 'x-signature';

/**
 * Segment signs JSON.stringify of the event and, of a batch, of its first event: the same bytes as stand in the body. Who signed all of it signed
 * the first event too: the day Segment does, nothing has to be deployed.
 * @see https://segment.com/docs/connections/destinations/catalog/actions-webhook/
 */
export function segmentSignature({ signed }: SegmentSignatureConfig): Verification {
  return {
    verify: ({ headers, body }, secrets) => {
      const signature = headers[HEADER];
      if (!signature) return missing(HEADER);
      const [first] = signed === 'firstEvent' ? elementsOf(body, 1) ?? [] : [];
      const contents = first ? [first, body] : [body];
      const isSigned = HEX.test(signature) && contents.some((content) => isSignedBy(secrets, 'sha1', [content], [signature]));
      return isSigned ? undefined : forged(HEADER);
    },
  };
}
