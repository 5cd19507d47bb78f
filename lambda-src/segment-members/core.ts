import type { Logger } from '@aws-lambda-powertools/logger';
import { changesOf, noteLeft } from './changes';
import type { MemberFiles } from './member-files';
import { applyChange, MembershipApi } from './membership';
import { Round, runRound } from './round';
import { beginList, completeList, leftKey, listKey, WrittenLists } from './written-lists';
import { shortName } from '../../src/contract/profile-segments';
import { WORK_AREAS } from '../../src/contract/segment-import';
import type { SegmentMembersConfig } from '../../src/contract/segment-members';
import type { Documents } from '../segment-import/documents';
import type { ReadyImport } from '../segment-import/import-document';
import { segmentDigest } from '../segment-import/segment-digest';
import { profileJobs, Progress } from '../segment-targets/customer-profiles/jobs';

export interface MembersDeps {
  readonly config: SegmentMembersConfig;
  readonly api: MembershipApi;
  readonly documents: Documents;
  readonly files: MemberFiles;
  readonly logger: Pick<Logger, 'info'>;
}

/** What the state machine sends. */
export interface MembersRequest {
  readonly import: ReadyImport;
  /** ISO 8601: the segment is this import's until shortly after. */
  readonly deadline: string;
  /** How far the round before has come; left out for the first. */
  readonly answer?: Progress;
}

/** Kept free of an invocation, to write down what it did. */
const MARGIN_MILLIS = 20_000;
/** Objects of an earlier import may have been put this long after its newest round began, and need not show in a search. */
const SETTLED_MILLIS = 20 * 60_000;
/** As CdpEndpointSync looks for a user who is to be deleted. */
const LOOKS = 8;

/** Writes a list round by round. Whatever is interrupted may be begun again: a change that is made twice is the same change. */
export function createMembers(deps: MembersDeps) {
  const { config, api, files, logger } = deps;
  const { scope } = profileJobs(config.target);
  return async (request: MembersRequest, remainingMillis: number): Promise<Progress> => {
    const { import: list, deadline } = request;
    const now = new Date();
    // The segment may be another's by now, which has forgotten this list.
    if (now.getTime() >= Date.parse(deadline)) return lateOf(request);
    api.deadline = Math.min(Date.parse(deadline), now.getTime() + remainingMillis - MARGIN_MILLIS);
    const digest = segmentDigest(scope, list.segment);
    const before = request.answer ?? await copyList(deps, digest, list);
    const known = await beginList(deps.documents, digest, list.segment, { importId: list.importId, touchedAt: now.toISOString() });
    // Also those that an earlier round, or an earlier import, could not delete.
    await deleteCopies(files, digest, known);
    if (known.completed?.importId === list.importId) return known.completed.progress;
    const { all: changes } = await changesOf(files, digest, known, list.importId);
    const options = { segment: list.segment, objectType: config.target.objectType, looks: isSettled(known, list.importId, now) ? 1 : LOOKS };
    const round = await runRound(changes, before.position, config.maxFailures - before.failed, async (change) => applyChange(api, change, options));
    await noteLeft(files, digest, list.importId, round.refused, before.stillMembers > 0);
    const progress = await progressOf(deps, request, { ...before, changes: changes.length }, round);
    logger.info('members written', { importId: list.importId, ...progress });
    if (progress.status === 'COMPLETED') await deleteCopies(files, digest, await completeList(deps.documents, digest, list.importId, progress));
    return progress;
  };
}

/** The users of a list, each once. The copy is kept, since what was prepared expires. */
async function copyList({ files }: MembersDeps, digest: string, { importId, segment, url }: ReadyImport): Promise<Progress> {
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

function lateOf({ import: { segment, rows }, answer: before = begun(segment, rows.accepted, 0) }: MembersRequest): Progress {
  return { ...before, status: 'TIMED_OUT', failures: [...before.failures, `the time was over before a round that began with ${before.position} changes done`] };
}

const isSettled = ({ lists }: WrittenLists, importId: string, now: Date): boolean =>
  lists.every((list) => list.importId === importId || now.getTime() - Date.parse(list.touchedAt) > SETTLED_MILLIS);

async function progressOf(deps: MembersDeps, { import: list, deadline }: MembersRequest, before: Progress, round: Round): Promise<Progress> {
  const { files, config: { maxFailures } } = deps;
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

async function deleteCopies(files: MemberFiles, digest: string, { outdated }: WrittenLists): Promise<void> {
  for (const importId of outdated) for (const key of [listKey(digest, importId), leftKey(digest, importId)]) await files.remove(key);
}
