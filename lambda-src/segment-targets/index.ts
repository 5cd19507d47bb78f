import { profileJobs } from './customer-profiles/jobs';
import { profileRows } from './customer-profiles/rows';
import { pinpointJobs } from './pinpoint/jobs';
import { pinpointRows } from './pinpoint/rows';
import type { SegmentTargetAdapter } from './segment-target';
import type { RowsConfig } from '../../src/contract/segment-prepare';
import type { SegmentTargetConfig, SegmentTargetKind } from '../../src/contract/segment-target';

type ConfigOf<K extends SegmentTargetKind> = Extract<SegmentTargetConfig, { readonly kind: K }>;
export type Rows = Pick<SegmentTargetAdapter, 'limits' | 'checkSegment' | 'csv' | 'json'>;
export type Jobs = Pick<SegmentTargetAdapter, 'scope' | 'request' | 'result' | 'isSegmentGone'>;

/** Two registries, since two functions each need one half: what is in neither is not bundled. */
const ROWS: { readonly [K in SegmentTargetKind]: (config: ConfigOf<K>, rows: RowsConfig, cut: (reason: string) => void) => Rows } = {
  pinpoint: (_config, rows, cut) => pinpointRows(rows, cut),
  customerProfiles: profileRows,
};
const JOBS: { readonly [K in SegmentTargetKind]: (config: ConfigOf<K>) => Jobs } = {
  pinpoint: pinpointJobs,
  customerProfiles: profileJobs,
};

export function createRows(config: SegmentTargetConfig, rows: RowsConfig, cut: (reason: string) => void): Rows {
  return (ROWS[config.kind] as (c: SegmentTargetConfig, r: RowsConfig, cut: (reason: string) => void) => Rows)(config, rows, cut);
}

export function createJobs(config: SegmentTargetConfig): Jobs {
  return (JOBS[config.kind] as (c: SegmentTargetConfig) => Jobs)(config);
}
