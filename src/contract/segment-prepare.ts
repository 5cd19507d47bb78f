import { CONTRACT_VERSION } from './env';
import { list, object, oneOf, optional, Parser, positive, record, text } from './parse';
import { parseWork, WorkConfig } from './segment-import';
import { parseSegmentTarget, SegmentTargetConfig } from './segment-target';
import { Channel, CHANNELS } from './trait-mapping';

/** Where lists are dropped, and how keys are read. */
export interface InboxConfig {
  readonly bucketName: string;
  /** Without a slash at its end. */
  readonly prefix: string;
  /** Name of the file that completes an export of many files; left out, each file is an export of its own. */
  readonly exportMarker?: string;
}

/** How rows are read. */
export interface RowsConfig {
  /** Column of the target by the CDP's own header; left out when empty. */
  readonly columns: Readonly<Record<string, string>>;
  readonly ignoredColumns: readonly string[];
  readonly defaultChannel?: Channel;
  readonly defaultCountry?: string;
  readonly endpointId: string;
  readonly maxRejectedRows: number;
}

/** What CdpSegmentImporter hands the function that prepares files. */
export interface SegmentPrepareConfig {
  readonly version: typeof CONTRACT_VERSION;
  readonly instance: string;
  readonly inbox: InboxConfig;
  readonly work: WorkConfig;
  readonly rows: RowsConfig;
  readonly target: SegmentTargetConfig;
}

export const parseInbox: Parser<InboxConfig> = object<InboxConfig>({ bucketName: text, prefix: text, exportMarker: optional(text) });

/** 0 is a threshold too: the first rejected row ends the import. */
export const threshold: Parser<number> = (raw, path) => raw === 0 ? 0 : positive(raw, path);

export const parseSegmentPrepare: Parser<SegmentPrepareConfig> = object<SegmentPrepareConfig>({
  version: oneOf([CONTRACT_VERSION]),
  instance: text,
  inbox: parseInbox,
  work: parseWork,
  rows: object<RowsConfig>({
    columns: record(text),
    ignoredColumns: list(text),
    defaultChannel: optional(oneOf(CHANNELS)),
    defaultCountry: optional(text),
    endpointId: text,
    maxRejectedRows: threshold,
  }),
  target: parseSegmentTarget,
});
