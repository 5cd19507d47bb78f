import { CONTRACT_VERSION } from './env';
import { object, oneOf, Parser, text } from './parse';
import { parseWork, WorkConfig } from './segment-import';
import { threshold } from './segment-prepare';
import { CustomerProfilesSegmentTargetConfig, parseProfilesSegmentTarget } from './segment-target';

/** What CdpSegmentImporter hands the function that writes memberships. */
export interface SegmentMembersConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly work: WorkConfig;
  readonly target: CustomerProfilesSegmentTargetConfig;
  /** Changes that the service may refuse before the import ends. */
  readonly maxFailures: number;
}

export const parseSegmentMembers: Parser<SegmentMembersConfig> = object<SegmentMembersConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  work: parseWork,
  target: parseProfilesSegmentTarget,
  maxFailures: threshold,
});
