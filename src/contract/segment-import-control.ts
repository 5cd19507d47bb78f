import { CONTRACT_VERSION } from './env';
import { object, oneOf, Parser, positive, text } from './parse';
import { parseWork, WorkConfig } from './segment-import';
import { InboxConfig, parseInbox } from './segment-prepare';
import { parseSegmentTarget, SegmentTargetConfig } from './segment-target';

/** What the state machine asks of the function, in `action` of its input. */
export const CONTROL_ACTIONS = { ACQUIRE: 'acquire', REPORT: 'report' } as const;

/** What CdpSegmentImporter hands the function that admits and reports imports. */
export interface SegmentImportControlConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  /** Tells the segment of a list whose preparation failed as a whole. */
  readonly inbox: InboxConfig;
  readonly work: WorkConfig;
  readonly eventBusName: string;
  /** Jobs of this construct that may run at once. */
  readonly maxConcurrentJobs: number;
  /** How long a job may take, from its admission on. */
  readonly jobTimeoutSeconds: number;
  /** How long an import may wait for its turn. */
  readonly waitTimeoutSeconds: number;
  readonly target: SegmentTargetConfig;
}

export const parseSegmentImportControl: Parser<SegmentImportControlConfig> = object<SegmentImportControlConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  inbox: parseInbox,
  work: parseWork,
  eventBusName: text,
  maxConcurrentJobs: positive,
  jobTimeoutSeconds: positive,
  waitTimeoutSeconds: positive,
  target: parseSegmentTarget,
});
