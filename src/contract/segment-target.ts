import { flag, list, object, oneOf, optional, Parser, positive, text, union } from './parse';

/** Import jobs of an Amazon Pinpoint application. */
export interface PinpointSegmentTargetConfig {
  readonly kind: 'pinpoint';
  readonly applicationId: string;
  /** Role that the service assumes to read what was prepared. */
  readonly importRoleArn: string;
  readonly registerEndpoints: boolean;
  readonly defineSegment: boolean;
}

/** Lists whose members are written by an upload job. */
export interface ProfilesUploadConfig {
  /** Members from which on. */
  readonly from: number;
  readonly dataExpiryDays: number;
}

/** Segments of an Amazon Connect Customer Profiles domain, by an attribute of their members. */
export interface CustomerProfilesSegmentTargetConfig {
  readonly kind: 'customerProfiles';
  readonly domainName: string;
  readonly objectType: string;
  /** Names of the segments that exist, as they are in the keys of lists. */
  readonly segments: readonly string[];
  /** Members that one list may have. */
  readonly maxMembers: number;
  /** Of each operation, for one import. */
  readonly requestsPerSecond: number;
  /** Left out: every member is written by a request. */
  readonly upload?: ProfilesUploadConfig;
}

/** Where lists become segments. */
export type SegmentTargetConfig = PinpointSegmentTargetConfig | CustomerProfilesSegmentTargetConfig;
export type SegmentTargetKind = SegmentTargetConfig['kind'];

export const parseProfilesSegmentTarget: Parser<CustomerProfilesSegmentTargetConfig> = object<CustomerProfilesSegmentTargetConfig>({
  kind: oneOf(['customerProfiles']), domainName: text, objectType: text, segments: list(text), maxMembers: positive, requestsPerSecond: positive,
  upload: optional(object<ProfilesUploadConfig>({ from: positive, dataExpiryDays: positive })),
});

export const parseSegmentTarget: Parser<SegmentTargetConfig> = union('kind', {
  pinpoint: object<PinpointSegmentTargetConfig>({
    kind: oneOf(['pinpoint']), applicationId: text, importRoleArn: text, registerEndpoints: flag, defineSegment: flag,
  }),
  customerProfiles: parseProfilesSegmentTarget,
});
