import type { MembersRequest } from './core';
import type { MemberFiles } from './member-files';
import type { Round } from './round';
import { listKey } from './written-lists';
import { shortName } from '../../src/contract/profile-segments';
import { WORK_AREAS } from '../../src/contract/segment-import';
import type { ReadyImport } from '../segment-import/import-document';
import type { Progress } from '../segment-targets/customer-profiles/jobs';

/** The users of a list, each once. The copy is kept, since what was prepared expires. */
export async function copyList(files: MemberFiles, digest: string, { importId, segment, url }: ReadyImport): Promise<Progress> {
  const users = new Set<string>();
  let rows = 0;
  for await (const userId of files.readFolder(url)) {
    users.add(userId);
    rows += 1;
  }
  await files.write(listKey(digest, importId), users);
  return begun(segment, rows, users.size);
}

const begun = (segment: string, rows: number, members: number): Progress => ({
  status: 'WRITING', segmentId: shortName(segment), rows, members,
  position: 0, changes: 0, written: 0, removed: 0, failed: 0, stillMembers: 0, failures: [],
});

export function lateOf({ segment, rows }: ReadyImport, before: Progress = begun(segment, rows.accepted, 0)): Progress {
  const job = before.upload?.jobId === undefined ? '' : `; upload job ${before.upload.jobId} may still run, and the next list stops it first`;
  return { ...before, status: 'TIMED_OUT', failures: [...before.failures, `the time was over before a round that began with ${before.position} changes done${job}`] };
}

/** After a round. What was refused lies beside the rows that the preparation rejected. */
export async function progressOf(
  files: MemberFiles, maxFailures: number, { import: list, deadline }: MembersRequest, before: Progress, round: Round,
): Promise<Progress> {
  const refusedKey = `${WORK_AREAS.REJECTS}/${list.segment}/${list.importId}-refused-${before.position}.ndjson`;
  const refused = round.refused.length === 0 ? [] : [await files.write(refusedKey, round.refused)];
  const position = before.position + round.done;
  const failed = before.failed + round.refused.length;
  const unfinished = Date.now() >= Date.parse(deadline) ? 'TIMED_OUT' : 'WRITING';
  const status = failed > maxFailures ? 'FAILED' : position === before.changes ? 'COMPLETED' : unfinished;
  const early: Readonly<Partial<Record<Progress['status'], string>>> = {
    FAILED: `more than ${maxFailures} changes were refused`,
    TIMED_OUT: `the time was over after ${position} of ${before.changes} changes`,
  };
  return {
    ...before,
    status,
    position,
    written: before.written + round.written,
    removed: before.removed + round.removed,
    failed,
    stillMembers: before.stillMembers + round.refused.filter(({ member }) => !member).length,
    failures: [...before.failures, ...refused, ...[early[status] ?? []].flat()],
  };
}
