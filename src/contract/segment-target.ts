import { flag, object, oneOf, Parser, text, union } from './parse';

/** Import jobs of an Amazon Pinpoint application. */
export interface PinpointSegmentTargetConfig {
  readonly kind: 'pinpoint';
  readonly applicationId: string;
  /** Role that the service assumes to read what was prepared. */
  readonly importRoleArn: string;
  readonly registerEndpoints: boolean;
  readonly defineSegment: boolean;
}

/** Where lists become segments. */
export type SegmentTargetConfig = PinpointSegmentTargetConfig;
export type SegmentTargetKind = SegmentTargetConfig['kind'];

export const parseSegmentTarget: Parser<SegmentTargetConfig> = union('kind', {
  pinpoint: object<PinpointSegmentTargetConfig>({
    kind: oneOf(['pinpoint']), applicationId: text, importRoleArn: text, registerEndpoints: flag, defineSegment: flag,
  }),
});
