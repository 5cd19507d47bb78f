import type { RowsConfig } from '../../../src/contract/segment-prepare';
import type { Rows } from '../index';
import { csvRows } from './csv';
import { memberOf } from './json';
import { createMembers } from './member';

/** Of one import job. "1 GB" is documented without saying how it is counted: the smaller reading is never refused.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html */
export const MAX_IMPORT_BYTES = 1_000_000_000;
export const MAX_IMPORT_FILES = 10_000;

/** The rows of import files, checked and completed. */
export function pinpointRows(config: RowsConfig, cut: (reason: string) => void): Rows {
  const members = createMembers(config);
  return {
    limits: { files: MAX_IMPORT_FILES, bytes: MAX_IMPORT_BYTES },
    csv: (header) => csvRows(header, config, members, cut),
    json: (member) => memberOf(member, members, cut),
  };
}
