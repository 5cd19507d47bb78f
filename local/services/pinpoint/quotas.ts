import { Quota } from '../../quota';

/**
 * Requests per second, not adjustable (Amazon Pinpoint Developer Guide, "Quotas"; AWS General Reference, "Amazon Pinpoint
 * endpoints and quotas"). The burst of UpdateEndpointsBatch is published as 2 as well; for the rest none is, so it is the rate.
 */
const RATES = {
  UpdateEndpointsBatch: { perSecond: 2, burst: 2 },
  PutEvents: { perSecond: 15 },
  UpdateEndpoint: { perSecond: 10 },
  GetEndpoint: { perSecond: 10 },
  DeleteEndpoint: { perSecond: 5 },
  CreateSegment: { perSecond: 25 },
  UpdateSegment: { perSecond: 25 },
  DeleteSegment: { perSecond: 25 },
} as const;

const ALL_OTHERS = { perSecond: 300 } as const;

export function pinpointQuota(now?: () => number): Quota {
  return new Quota(RATES, ALL_OTHERS, now);
}
