import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../template/model';

/** One message of a request to the CDP. */
export interface CdpMessage {
  /** By which the CDP knows a message that it has already; undefined when the message names none. */
  readonly id?: string;
  readonly content: unknown;
  /** Why the CDP does not take it, although the status of its answer is that of a success. */
  readonly rejected?: string;
  /** The answer says so, so the sender can know. */
  readonly told?: boolean;
}

export type CdpOutcome = 'accepted' | 'duplicate' | 'rejected';

export interface CdpMessageOutcome {
  readonly id?: string;
  readonly outcome: CdpOutcome;
  readonly reason?: string;
}

export interface CdpRequestHead {
  readonly construct: string;
  readonly method: string;
  readonly path: string;
  /** 0 when no answer was given. */
  readonly status: number;
  readonly body: unknown;
}

/** A request as the report has it. */
export interface CdpRequestRecord extends CdpRequestHead {
  /** What the CDP made of each message; empty when the request was refused whole. */
  readonly messages: readonly CdpMessageOutcome[];
}

/** What the CDP has received: requests in their order, messages once each. */
export class Inbox {
  public readonly requests: CdpRequestRecord[] = [];
  /** Distinct messages, in the order of their first arrival. */
  public readonly accepted: { readonly construct: string; readonly id?: string; readonly content: unknown }[] = [];
  public readonly problems: string[] = [];
  private readonly known = new Map<string, unknown>();
  private readonly taken = new Map<string, number>();

  public receive(head: CdpRequestHead, messages: readonly CdpMessage[]): void {
    this.requests.push({ ...head, messages: messages.map((message) => this.judge(head.construct, message)) });
  }

  /** How many messages of a construct were taken, those that came again with them. */
  public takenFrom(construct: string): number {
    return this.taken.get(construct) ?? 0;
  }

  private judge(construct: string, { id, content, rejected, told = false }: CdpMessage): CdpMessageOutcome {
    if (rejected !== undefined) {
      if (!told) this.problems.push(`${construct}: the CDP answered with success, but rejected the message ${id ?? 'without id'}: ${rejected}`);
      return { id, outcome: 'rejected', reason: rejected };
    }
    this.taken.set(construct, this.takenFrom(construct) + 1);
    const key = `${construct} ${id}`;
    if (id !== undefined && this.known.has(key)) {
      if (!isDeepStrictEqual(this.known.get(key), comparable(content))) {
        this.problems.push(`${construct}: the message ${id} was sent twice with different content`);
      }
      return { id, outcome: 'duplicate' };
    }
    this.known.set(key, comparable(content));
    this.accepted.push({ construct, id, content });
    return { id, outcome: 'accepted' };
  }
}

/** The time of sending is another at every attempt. */
function comparable(content: unknown): unknown {
  if (!isObject(content)) return content;
  const { sentAt: _, ...rest } = content;
  return rest;
}
