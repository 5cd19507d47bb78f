import { WORK_AREAS } from '../../src/contract/segment-import';
import { DeploymentError } from '../runtime/errors';
import type { Documents } from '../segment-import/documents';
import { RetryableError } from '../segment-import/s3-error';
import type { Progress } from '../segment-targets/customer-profiles/jobs';

/** A list of which members may have been written. */
export interface WrittenList {
  readonly importId: string;
  /** ISO 8601: when a round of it last began. */
  readonly touchedAt: string;
  /** Whether users who were to be removed by it could not be, and are members beside those of the list. */
  readonly hasLeft?: true;
  /** Upload job of its members, whose end need not be known. */
  readonly jobId?: string;
}

/** What is known of who is in a segment. The service can't be asked. */
export interface WrittenLists {
  readonly version: typeof VERSION;
  readonly segment: string;
  /** Whoever is a member is in one of them, oldest first: the last one that was completed, and those that were begun since. */
  readonly lists: readonly WrittenList[];
  /** Lists that say nothing any more, whose copies are to be deleted. */
  readonly outdated: readonly string[];
  /** How the newest import ended, if it did: an answer that gets lost is given again. */
  readonly completed?: { readonly importId: string; readonly progress: Progress };
}

const VERSION = 1;
/** Others have no business here while an import holds its segment. */
const MAX_ATTEMPTS = 4;

/** Below the key of the segment: the ids of one list. */
export const listKey = (digest: string, importId: string): string => `${WORK_AREAS.MEMBERS}/${digest}/${importId}.ndjson`;
/** Ids of those whom it could not remove. */
export const leftKey = (digest: string, importId: string): string => `${WORK_AREAS.MEMBERS}/${digest}/${importId}-left.ndjson`;
const documentKey = (digest: string): string => `${WORK_AREAS.MEMBERS}/${digest}.json`;

/** Notes, before the first member is written, that the list is being written. Made first and read if refused: S3 does not tell if it is there. */
export async function beginList(documents: Documents, digest: string, segment: string, own: WrittenList): Promise<WrittenLists> {
  const key = documentKey(digest);
  const fresh: WrittenLists = { version: VERSION, segment, lists: [own], outdated: [] };
  if (await documents.create(key, fresh)) return fresh;
  return change(documents, key, (stored) => {
    if (stored.completed?.importId === own.importId) return stored;
    const { completed: _, ...rest } = stored;
    const isOwn = ({ importId }: WrittenList) => importId === own.importId;
    return { ...rest, lists: [...stored.lists.filter((list) => !isOwn(list)), { ...stored.lists.find(isOwn), ...own }] };
  });
}

/** Notes, before it is started, which job writes the members of a list. */
export async function noteJob(documents: Documents, digest: string, importId: string, jobId: string): Promise<void> {
  await change(documents, documentKey(digest), (stored) => (
    { ...stored, lists: stored.lists.map((list) => list.importId === importId ? { ...list, jobId } : list) }));
}

/** From now on the list alone says who is a member, with those whom it could not remove. */
export async function completeList(documents: Documents, digest: string, importId: string, progress: Progress): Promise<WrittenLists> {
  return change(documents, documentKey(digest), (stored) => {
    const own = stored.lists.filter((list) => list.importId === importId);
    return {
      ...stored,
      lists: own.map((list) => ({ ...list, ...progress.stillMembers > 0 && { hasLeft: true as const } })),
      outdated: stored.lists.filter((list) => !own.includes(list)).map((list) => list.importId),
      completed: { importId, progress },
    };
  });
}

async function change(documents: Documents, key: string, changed: (stored: WrittenLists) => WrittenLists): Promise<WrittenLists> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { document, etag } = await documents.read<WrittenLists>(key);
    if (document.version !== VERSION) throw new DeploymentError('what is known of the members of the segment was written by another version');
    const next = changed(document);
    if (next === document || await documents.replace(key, next, etag)) return next;
  }
  throw new RetryableError('the lists of the segment change too often');
}
