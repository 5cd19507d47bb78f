import type { InboxConfig } from '../../src/contract/segment-prepare';

/** What the key of an object means. */
export type Place =
  | { readonly kind: 'file'; readonly segment: string }
  /** All files of the folder are one list; the folder ends with a slash. */
  | { readonly kind: 'folder'; readonly segment: string; readonly folder: string }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Reports and rejected rows lie below the segment's name, and a key has 1,024 bytes at most.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const MAX_SEGMENT_NAME_BYTES = 512;

export const isNameTooLong = (segment: string): boolean => Buffer.byteLength(segment) > MAX_SEGMENT_NAME_BYTES;

const LIST = /^(.+?)\.(csv|ndjson|jsonl|json)(\.gz)?$/i;
const ignored = (reason: string): Place => ({ kind: 'ignored', reason });

/** `<prefix>/<segment>.csv` or `<prefix>/<segment>/<any>/<name>`. */
export function placeOf(key: string, { prefix, exportMarker }: InboxConfig): Place {
  if (!key.startsWith(`${prefix}/`)) return ignored('OutsideThePrefix');
  const steps = key.slice(prefix.length + 1).split('/');
  const name = steps[steps.length - 1];
  if (name === '') return ignored('Folder');
  if (steps.length === 1) return rootFile(name);
  const [segment] = steps;
  if (segment === '') return ignored('NoSegment');
  if (steps.slice(0, -1).some(isHidden)) return ignored('Hidden');
  if (exportMarker !== undefined) {
    const folder = key.slice(0, key.length - name.length);
    return name === exportMarker ? { kind: 'folder', segment, folder } : ignored('WaitsForMarker');
  }
  return isHidden(name) ? ignored('Hidden') : { kind: 'file', segment };
}

function rootFile(name: string): Place {
  const segment = LIST.exec(name)?.[1];
  if (isHidden(name)) return ignored('Hidden');
  return segment === undefined ? ignored('NotAList') : { kind: 'file', segment };
}

/** Names such as `_SUCCESS`, `.part.crc` and the folders `_temporary` and `_delta_log` are those of tools that write exports, not of lists. */
export const isHidden = (name: string): boolean => name.startsWith('_') || name.startsWith('.');
