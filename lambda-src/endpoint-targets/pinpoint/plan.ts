import type { Outcome } from '../../model';
import type { Sourced } from '../index';
import { KnownEndpoints, needsKnown } from './known';
import { PlanOptions, Stage, StagePlanner } from './stage';
import { Users } from './users';

export interface Plan {
  readonly stages: readonly Stage[];
  /** Outcomes of the changes that need no request, by index. */
  readonly outcomes: Map<number, Outcome>;
}

/** So many changes of too large endpoints are told apart in a batch; with more of them, all that are merged into one are rejected with it. */
const MAX_TOLD_APART = 50;

/** Turns changes into as few endpoints and events as say the same. Pure but for the counting of cuts. */
export function planChanges(changes: readonly Sourced[], known: KnownEndpoints, options: PlanOptions): Plan {
  const first = planAll(changes, known, options, NONE);
  if (first.together.size === 0 || first.together.size > MAX_TOLD_APART) return first;
  const guilty = guiltyOf(changes, known, options, first.together);
  const plan = planAll(changes, known, { ...options, cut: () => undefined }, guilty);
  for (const index of guilty) plan.outcomes.set(index, first.outcomes.get(index)!);
  return plan;
}

const NONE: ReadonlySet<number> = new Set();

/** Of changes that are too large together, those that no longer fit when they are added one by one, oldest first: the others don't pay for them. */
function guiltyOf(changes: readonly Sourced[], known: KnownEndpoints, options: PlanOptions, together: ReadonlySet<number>): Set<number> {
  const fitting: Sourced[] = [];
  const guilty = new Set<number>();
  for (const index of [...together].sort((a, b) => a - b)) {
    const { outcomes } = planAll([...fitting, changes[index]], known, { ...options, cut: () => undefined }, NONE);
    if ([...outcomes.values()].some(({ status }) => status === 'rejected')) guilty.add(index);
    else fitting.push(changes[index]);
  }
  return guilty;
}

interface WholePlan extends Plan {
  /** Changes that were rejected together with others. */
  readonly together: ReadonlySet<number>;
}

function planAll(changes: readonly Sourced[], known: KnownEndpoints, options: PlanOptions, without: ReadonlySet<number>): WholePlan {
  const users = new Users(known, options);
  const outcomes = new Map<number, Outcome>();
  const together = new Set<number>();
  const stages = splitByDeletions(changes).map(([start, end]) => {
    foresee(changes.slice(start, end), users);
    const planner = new StagePlanner(users, outcomes, together, options);
    for (let index = start; index < end; index += 1) if (!without.has(index)) planner.add(changes[index], index);
    return planner.finish();
  });
  const busy = stages.filter((stage) => stage.endpoints.length + stage.events.length + stage.deletions.length > 0);
  return { stages: busy, outcomes, together };
}

/** Ranges of changes. A deletion ends one: what comes after it must not be done before it. */
function splitByDeletions(changes: readonly Sourced[]): [number, number][] {
  const starts: number[] = [];
  changes.forEach(({ change }, index) => {
    if (index > 0 && changes[index - 1].change.kind === 'delete' && change.kind !== 'delete') starts.push(index);
  });
  return [0, ...starts].map((start, position) => [start, starts[position] ?? changes.length]);
}

/** What a batch says without an address is also for the addresses that it brings later. */
function foresee(group: readonly Sourced[], users: Users): void {
  const waiting = new Set<string>();
  for (const { change } of group) if (change.kind === 'profile' && change.userId !== undefined && needsKnown(change)) waiting.add(change.userId);
  if (waiting.size === 0) return;
  for (const { change } of group) if (change.kind === 'profile' && waiting.has(change.userId ?? '')) users.foresee(change);
}
