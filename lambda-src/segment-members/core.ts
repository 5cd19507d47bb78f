import type { Logger } from '@aws-lambda-powertools/logger';
import { changesOf, noteLeft } from './changes';
import type { MemberFiles } from './member-files';
import { applyChange, MembershipApi } from './membership';
import { copyList, lateOf, progressOf } from './progress';
import { runRound } from './round';
import { stopOlderJobs, uploadRound } from './upload';
import type { UploadJobs } from './upload-jobs';
import { beginList, completeList, leftKey, listKey, WrittenLists } from './written-lists';
import type { SegmentMembersConfig } from '../../src/contract/segment-members';
import { OutOfTime } from '../runtime/pace';
import type { Documents } from '../segment-import/documents';
import type { ReadyImport } from '../segment-import/import-document';
import { segmentDigest } from '../segment-import/segment-digest';
import { profileJobs, Progress } from '../segment-targets/customer-profiles/jobs';

export interface MembersDeps {
  readonly config: SegmentMembersConfig;
  readonly api: MembershipApi;
  readonly jobs: UploadJobs;
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
/** Objects of an earlier import may have been put this long after its newest round began, and what it wrote need not show in a search. */
const SETTLED_MILLIS = 20 * 60_000;
/** As CdpEndpointSync looks for a user who is to be deleted. */
const LOOKS = 8;

/** Writes a list round by round. Whatever is interrupted may be begun again: a change that is made twice is the same change. */
export function createMembers(deps: MembersDeps) {
  const { config, api, jobs, files, logger } = deps;
  const { scope } = profileJobs(config.target);
  return async (request: MembersRequest, remainingMillis: number): Promise<Progress> => {
    const { import: list, deadline } = request;
    const now = new Date();
    // The segment may be another's by now, which has forgotten this list.
    if (now.getTime() >= Date.parse(deadline)) return lateOf(list, request.answer);
    jobs.deadline = api.deadline = Math.min(Date.parse(deadline), now.getTime() + remainingMillis - MARGIN_MILLIS);
    const digest = segmentDigest(scope, list.segment);
    const before = request.answer ?? await copyList(files, digest, list);
    const known = await beginList(deps.documents, digest, list.segment, { importId: list.importId, touchedAt: now.toISOString() });
    // Also those that an earlier round, or an earlier import, could not delete.
    await deleteCopies(files, digest, known);
    if (known.completed?.importId === list.importId) return known.completed.progress;
    const progress = await advance(deps, request, { digest, known, now }, before).catch(ranOut(before));
    logger.info('members written', { importId: list.importId, ...progress });
    if (progress.status === 'COMPLETED') await deleteCopies(files, digest, await completeList(deps.documents, digest, list.importId, progress));
    return progress;
  };
}

const ranOut = (before: Progress) => (error: unknown): Progress => {
  if (error instanceof OutOfTime) return before;
  throw error;
};

interface RoundState {
  readonly digest: string;
  readonly known: WrittenLists;
  readonly now: Date;
}

async function advance(deps: MembersDeps, request: MembersRequest, { digest, known, now }: RoundState, before: Progress): Promise<Progress> {
  const { target } = deps.config;
  const { import: { importId, segment }, deadline } = request;
  // Without `upload` there may be jobs of an earlier deployment, which may not be asked after any more.
  const { running, endedAt } = target.upload ? await stopOlderJobs(deps, known, importId, now.getTime()) : { running: undefined, endedAt: 0 };
  if (running !== undefined) return { ...before, failures: [...new Set([...before.failures, `upload job ${running} of an earlier list had to end first`])] };
  if (target.upload && before.upload && !before.upload.over) {
    return uploadRound({ ...deps, target }, { segment, importId, digest, deadline: Date.parse(deadline) }, known, before);
  }
  const isSettled = now.getTime() - Math.max(endedAt, touchedOf(known, importId)) > SETTLED_MILLIS;
  return writeRound(deps, request, { digest, known, isSettled }, before);
}

interface WriteState {
  readonly digest: string;
  readonly known: WrittenLists;
  /** Whether all that earlier imports wrote shows in a search. */
  readonly isSettled: boolean;
}

/** Of a list that an upload job is to write, only the removals. */
async function writeRound(deps: MembersDeps, request: MembersRequest, { digest, known, isSettled }: WriteState, before: Progress): Promise<Progress> {
  const { config, api, files } = deps;
  const { target: { objectType, upload }, maxFailures } = config;
  const { importId, segment } = request.import;
  const { all, removals } = await changesOf(files, digest, known, importId);
  // Members that were begun one by one, before `upload` was deployed or after a job that failed, are gone on with so.
  const isBegun = before.upload !== undefined || before.position > removals;
  const uploads = upload !== undefined && !isBegun && before.members >= upload.from;
  const options = { segment, objectType, looks: isSettled ? 1 : LOOKS };
  const changes = uploads ? all.slice(0, removals) : all;
  const round = await runRound(changes, before.position, maxFailures - before.failed, async (change) => applyChange(api, change, options));
  await noteLeft(files, digest, importId, round.refused, before.stillMembers > 0);
  const progress = await progressOf(files, maxFailures, request, { ...before, changes: all.length }, round);
  const isNext = uploads && progress.status === 'WRITING' && progress.position === removals;
  return isNext ? { ...progress, upload: { over: false, tries: 0 } } : progress;
}

/** When an earlier list was last touched. */
const touchedOf = ({ lists }: WrittenLists, importId: string): number =>
  Math.max(0, ...lists.filter((list) => list.importId !== importId).map(({ touchedAt }) => Date.parse(touchedAt)));

async function deleteCopies(files: MemberFiles, digest: string, { outdated }: WrittenLists): Promise<void> {
  for (const importId of outdated) for (const key of [listKey(digest, importId), leftKey(digest, importId)]) await files.remove(key);
}
