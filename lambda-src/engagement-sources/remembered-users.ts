import type { EngagementEvent } from '../engagement';
import { Outcome, retry } from '../model';
import type { CompleteOptions, SourceMeter } from './index';
import { RecentMap } from '../runtime/recent-map';

/** Whose an id is: a user's, nobody's that is known, or not to be found out now. */
export type Answer = { readonly userId?: string } | { readonly code: string };

/** How a service is asked whose events are. */
export interface LookUp {
  /** The id that has to be asked for; undefined for an event that needs no answer. */
  idOf(event: EngagementEvent): string | undefined;
  /** What is left out is not known in time. */
  ask(ids: readonly string[], deadline: number, meter: SourceMeter): Promise<ReadonlyMap<string, Answer>>;
}

const MAX_REMEMBERED = 20_000;
/** An id seldom changes its user; what is not known yet may be soon. */
const USER_TTL_MILLIS = 60 * 60_000;
const NOBODY_TTL_MILLIS = 10 * 60_000;
/** The rest of the time is for handing the events on. */
const SHARE_OF_TIME = 0.5;

/** Finds the users of events that name none, and remembers them. */
export class RememberedUsers {
  private readonly known = new RecentMap<{ readonly userId?: string }>(MAX_REMEMBERED);

  public constructor(private readonly lookUp: LookUp) {}

  public async complete(events: readonly EngagementEvent[], { deadline, meter }: CompleteOptions): Promise<(EngagementEvent | Outcome)[]> {
    const now = Date.now();
    const ids = events.map((event) => this.lookUp.idOf(event));
    const unknown = [...new Set(ids)].filter((id) => id !== undefined && !this.known.get(id, now)) as string[];
    const answers = unknown.length > 0 ? await this.lookUp.ask(unknown, now + (deadline - now) * SHARE_OF_TIME, meter) : new Map<string, Answer>();
    for (const [id, answer] of answers) if (!('code' in answer)) this.remember(id, answer);
    return events.map((event, index) => this.completed(event, ids[index], answers, now));
  }

  private completed(event: EngagementEvent, id: string | undefined, answers: ReadonlyMap<string, Answer>, now: number): EngagementEvent | Outcome {
    if (id === undefined) return event;
    const answer = answers.get(id) ?? this.known.get(id, now);
    if (!answer) return retry('Postponed');
    if ('code' in answer) return retry(answer.code);
    return answer.userId === undefined ? event : { ...event, userId: answer.userId };
  }

  private remember(id: string, answer: { readonly userId?: string }): void {
    this.known.set(id, answer, Date.now() + (answer.userId === undefined ? NOBODY_TTL_MILLIS : USER_TTL_MILLIS));
  }
}
