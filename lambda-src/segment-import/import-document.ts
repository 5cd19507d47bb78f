import type { Order } from './order';

/** What a list was, whatever becomes of it. */
export interface ImportIdentity {
  readonly importId: string;
  readonly segment: string;
  readonly order: Order;
  readonly source: { readonly bucket: string; readonly key: string; readonly etag: string };
}

export type ListFormat = 'CSV' | 'JSON';

export interface RowCounts {
  readonly accepted: number;
  readonly rejected: number;
  /** Rejected rows by the code of their reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Values that were shortened or left out to stay within a limit, by reason. */
  readonly cuts: Readonly<Record<string, number>>;
}

export const NO_ROWS: RowCounts = { accepted: 0, rejected: 0, reasons: {}, cuts: {} };

/** What lies ready for the target. */
export interface ReadyImport extends ImportIdentity {
  readonly status: 'ready';
  readonly format: ListFormat;
  /** Ends with a slash: everything below it belongs to this import, and nothing else does. */
  readonly url: string;
  readonly files: number;
  readonly bytes: number;
  readonly rows: RowCounts;
  /** `s3://…` of the rejected rows, when there are any. */
  readonly rejects?: string;
}

export interface FailedImport extends ImportIdentity {
  readonly status: 'failed';
  readonly code: string;
  readonly reason: string;
  readonly rows: RowCounts;
  readonly rejects?: string;
}

/** What the preparation says of a notification. */
export type PreparedImport =
  | ReadyImport
  | FailedImport
  | ImportIdentity & { readonly status: 'duplicate' | 'superseded' }
  | { readonly status: 'ignored'; readonly reason: string };
