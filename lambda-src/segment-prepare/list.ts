import { Rejection } from '../runtime/errors';
import type { ListFormat } from '../segment-import/import-document';
import type { Rows } from '../segment-targets';
import { openText } from './decode';
import type { Inbox, SourceFile } from './inbox';
import { Lines } from './lines';
import type { Output, Outputs } from './outputs';
import { readCsv } from './read-csv';
import { readJson } from './read-json';
import type { Tally } from './tally';
import { EXTENSIONS } from '../segment-targets/segment-target';

export interface ListSpec {
  readonly files: readonly SourceFile[];
  readonly rows: Rows;
  readonly inbox: Pick<Inbox, 'open'>;
  readonly outputs: Outputs;
  /** Where the prepared files go, without a slash at its end. */
  readonly folder: string;
  readonly rejectsKey: string;
  readonly tally: Tally;
}

export interface PreparedList {
  readonly format: ListFormat;
  readonly files: number;
  readonly bytes: number;
}

/** Prepares every file of a list, one after the other, each as one file. What was written of a list that can't be used is not read by anybody. */
export async function prepareList(spec: ListSpec): Promise<PreparedList> {
  const { files, rows: { limits }, outputs, tally, rejectsKey } = spec;
  if (files.length > limits.files) throw new Rejection('ExportTooLarge', `the list has ${files.length} files, at most ${limits.files} are allowed in one import`);
  const rejects = lazily(() => outputs.open(rejectsKey));
  let format: ListFormat | undefined;
  let [bytes, count] = [0, 0];
  try {
    for (const [index, file] of files.entries()) {
      const written = await prepareFile(spec, file, index, rejects, { format, left: limits.bytes - bytes });
      if (written === undefined) continue;
      format = written.format;
      bytes += written.bytes;
      count += 1;
    }
    const reason = tally.tooMany ?? tally.none;
    if (reason) throw reason;
  } finally {
    await rejects.opened()?.close();
  }
  return { format: format!, files: count, bytes };
}

interface Lazy { get(): Output; opened(): Output | undefined }

function lazily(open: () => Output): Lazy {
  let output: Output | undefined;
  return { get: () => output ??= open(), opened: () => output };
}

interface Limits { readonly format: ListFormat | undefined; readonly left: number }

/** Undefined: no row of the file is left, as of the empty parts that tools write, and so there is no file. */
async function prepareFile(
  spec: ListSpec, file: SourceFile, index: number, rejects: Lazy, { format, left }: Limits,
): Promise<{ format: ListFormat; bytes: number } | undefined> {
  const source = await openText(await spec.inbox.open(file));
  try {
    if (source.format === undefined) return undefined;
    if (format !== undefined && source.format !== format) {
      throw new Rejection('MixedFormats', 'the files of a list are all CSV or all newline-delimited JSON');
    }
    const output = spec.outputs.open(`${spec.folder}/${String(index).padStart(5, '0')}.${EXTENSIONS[source.format]}`);
    const limits = { maxBytes: left, maxRows: spec.rows.limits.rows };
    const lines = new Lines({ output, rejects: () => rejects.get(), tally: spec.tally, ...limits, file: file.key });
    try {
      await (source.format === 'CSV' ? readCsv : readJson)(source.text, spec.rows, lines);
      await lines.flush();
      await (lines.accepted > 0 ? output.close() : output.abandon());
    } catch (error) {
      await output.abandon();
      await lines.flushRejects();
      throw error;
    }
    return lines.accepted > 0 ? { format: source.format, bytes: lines.bytes } : undefined;
  } finally {
    source.text.destroy();
  }
}
