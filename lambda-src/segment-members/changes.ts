import type { MemberFiles } from './member-files';
import type { Change } from './membership';
import type { Refused } from './round';
import { leftKey, listKey, WrittenLists } from './written-lists';

/** What an import consists of: removals, then the members. */
export interface Changes {
  readonly removals: number;
  readonly all: readonly Change[];
}

/** Always the same for an import. Removals come first: who is to get nothing any more matters more than who gets it later. */
export async function changesOf(files: MemberFiles, digest: string, { lists }: WrittenLists, importId: string): Promise<Changes> {
  const users = await idsOf(files, listKey(digest, importId));
  const gone = new Set<string>();
  for (const other of lists) {
    if (other.importId === importId) continue;
    for (const key of [listKey(digest, other.importId), ...other.hasLeft ? [leftKey(digest, other.importId)] : []]) {
      for await (const userId of files.read(key)) if (!users.has(userId)) gone.add(userId);
    }
  }
  return { removals: gone.size, all: [...asChanges(gone, false), ...asChanges(users, true)] };
}

/** Who could not be removed, of all rounds so far: the round is repeated when its answer gets lost, hence a set. */
export async function noteLeft(files: MemberFiles, digest: string, importId: string, refused: readonly Refused[], hasLeft: boolean): Promise<void> {
  const now = refused.filter(({ member }) => !member).map(({ userId }) => userId);
  if (now.length === 0) return;
  const key = leftKey(digest, importId);
  const before = hasLeft ? await idsOf(files, key) : [];
  await files.write(key, new Set([...before, ...now]));
}

async function idsOf(files: MemberFiles, key: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const userId of files.read(key)) ids.add(userId);
  return ids;
}

const asChanges = (users: ReadonlySet<string>, member: boolean): Change[] => [...users].map((userId) => ({ userId, member }));
