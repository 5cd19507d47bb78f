import { object, Parser, text } from './parse';

/** Where the construct keeps what it writes: nothing below this prefix may start an import. */
export interface WorkConfig {
  readonly bucketName: string;
  /** Key prefix without a slash at its end; the areas of `WORK_AREAS` lie below it. */
  readonly prefix: string;
}

export const parseWork: Parser<WorkConfig> = object<WorkConfig>({ bucketName: text, prefix: text });

/** What lies below the work prefix, and in which policies and lifecycle rules it is named. */
export const WORK_AREAS = {
  /** Files as the target takes them, below `<area>/<import id>/`. */
  PREPARED: 'prepared',
  /** Rows that were left out, each with its line and reason: `<area>/<segment>/<import id>.ndjson`. */
  REJECTS: 'rejects',
  /** What became of each import: `<area>/<segment>/<import id>.json`. */
  REPORTS: 'reports',
  /** Which execution has taken on which import. */
  CLAIMS: 'state/claims',
  /** Id, newest export and lock of each segment. */
  SEGMENTS: 'state/segments',
  /** Who was put into which segment, where the target does not keep that itself. */
  MEMBERS: 'state/members',
  /** Who holds which of the slots for jobs that run at once. */
  SLOTS: 'state/slots',
} as const;

/** Detail types of the events that tell how an import ended; the source is `cdk-cdp-engagement`. */
export const IMPORT_EVENT_SOURCE = 'cdk-cdp-engagement';
export const IMPORT_EVENT_TYPE = 'Segment Import Ended';

/** Metrics of CdpSegmentImporter, written by its functions and read by the construct's `metricX()`. */
export const SegmentImportMetric = {
  FILES_IGNORED: 'FilesIgnored',
  ROWS_ACCEPTED: 'RowsAccepted',
  /** Also with the dimension Reason. */
  ROWS_REJECTED: 'RowsRejected',
  IMPORTED: 'Imported',
  IMPORTED_WITH_FAILURES: 'ImportedWithFailures',
  /** Also with the dimension Reason. */
  IMPORTS_FAILED: 'ImportsFailed',
  IMPORTS_SUPERSEDED: 'ImportsSuperseded',
  DUPLICATES: 'DuplicateNotifications',
  /** Members that the target itself could not import. */
  MEMBERS_FAILED: 'MembersFailed',
  /** Milliseconds from the start of an import to its end. */
  DURATION: 'ImportDuration',
} as const;
