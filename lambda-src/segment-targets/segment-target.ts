import type { ListFormat, ReadyImport } from '../segment-import/import-document';

/** How the rows of one CSV file become those of the target. */
export interface CsvRows {
  /** First line of the prepared file; left out when it has none. */
  readonly header?: string;
  /** A line without its end. Throws a Rejection for a row that can't be taken. */
  row(cells: readonly string[]): string;
}

/** What the target's own answer says of a job. */
export interface JobResult {
  readonly jobId?: string;
  readonly status: string;
  readonly ended: 'completed' | 'failed' | undefined;
  readonly segmentId?: string;
  readonly processed?: number;
  /** Users who were members before and are no longer, where the target tells. */
  readonly removed?: number;
  readonly failed: number;
  /** The first of what went wrong, in the service's words, which may name members. */
  readonly failures: readonly string[];
}

/** A service in which lists become segments. The rest knows nothing of it. */
export interface SegmentTargetAdapter {
  /** Where in the target its segments are: an id of another place means nothing there. */
  readonly scope: string;
  readonly limits: { readonly files: number; readonly bytes: number; readonly rows?: number };
  /** Throws a Rejection for the name of a segment that can't be. Left out: any can. */
  checkSegment?(segment: string): void;
  /** Throws a Rejection for a header that can't be taken. */
  csv(header: readonly string[]): CsvRows;
  /** One member of newline-delimited JSON, as a line without its end. Throws a Rejection for one that can't be taken. */
  json(member: unknown): string;
  /** The request that starts the job, for the state machine to send. */
  request(list: Pick<ReadyImport, 'url' | 'format' | 'segment'>, segmentId: string | undefined): object;
  result(answer: unknown): JobResult;
  /** Whether a job was refused, by the name of its error, since the segment it was to update is no longer there. */
  isSegmentGone(error: string | undefined): boolean;
}

export const EXTENSIONS: { readonly [K in ListFormat]: string } = { CSV: 'csv', JSON: 'json' };
