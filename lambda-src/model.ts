import type { Channel, DemographicField, LocationField } from '../src/contract/trait-mapping';

/** Attribute values as every engagement service takes them: a list per name; an empty list clears the values. */
export type Attributes = Record<string, string[]>;

/** What a CDP says, whatever its vocabulary: the output of a format. */
export type CdpMessage = IdentifyMessage | TrackMessage | DeleteMessage | ProfileChange | TrackedEvent | IgnoredMessage;

/** A user's traits are new or changed; a trait that is null was deleted. */
export interface IdentifyMessage {
  readonly kind: 'identify';
  readonly userId: string;
  /** The id is the CDP's anonymous id: kept only when the message brings an address. */
  readonly anonymous: boolean;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly at: string;
}

/** A user did something. */
export interface TrackMessage extends Omit<IdentifyMessage, 'kind'> {
  readonly kind: 'track';
  readonly id: string;
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A user is to be forgotten. */
export interface DeleteMessage {
  readonly kind: 'delete';
  readonly userId: string;
}

/** Understood, and of no use to an engagement service: dropped with its reason, unless other messages stand beside it. */
export interface IgnoredMessage {
  readonly kind: 'ignored';
  readonly reason: string;
}

/** One address of a user, with what is known of it. Everything left out stays as the service has it. */
export interface EndpointPatch {
  /** The service's own id, when the CDP names it; else it follows from user, channel and slot. */
  readonly id?: string;
  readonly channel?: Channel;
  /** Tells apart several addresses of one channel; undefined for the first. */
  readonly slot?: string;
  /** null: the address was deleted. Undefined: not mentioned. */
  readonly address?: string | null;
  readonly optOut?: 'ALL' | 'NONE';
  /** The service's own endpoint status, only from a CDP that speaks the service's shapes. */
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly attributes?: Attributes;
  readonly metrics?: Record<string, number>;
  readonly location?: Partial<Record<LocationField, string | number>>;
  readonly demographic?: Partial<Record<DemographicField, string>>;
}

/** A user's endpoints and attributes are new or changed. */
export interface ProfileChange {
  readonly kind: 'profile';
  readonly userId?: string;
  readonly endpoints: readonly EndpointPatch[];
  /** For every endpoint of the message; when it names none, for those the service knows of the user. */
  readonly common?: EndpointPatch;
  readonly userAttributes: Attributes;
  readonly at: string;
}

/** Something that a user did, on its way to an endpoint. */
export interface TrackedEvent {
  readonly kind: 'event';
  readonly userId?: string;
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** The addresses that the message itself brings. */
  readonly endpoints: readonly EndpointPatch[];
  /** The endpoint that the CDP itself sends along, to travel with the event in full. */
  readonly carrier?: ProfileChange;
  /** Members of the service's own event that a neutral event has no field for. */
  readonly native?: Readonly<Record<string, unknown>>;
}

/** What a target is asked to do, in the order of the stream. */
export type Change = ProfileChange | TrackedEvent | DeleteMessage;

/** What became of a message or of one of its changes. */
export type Outcome =
  | { readonly status: 'done' }
  | { readonly status: 'dropped'; readonly reason: string }
  | { readonly status: 'rejected'; readonly code: string; readonly reason: string }
  | { readonly status: 'retry'; readonly code: string };

export const DONE: Outcome = { status: 'done' };
export const dropped = (reason: string): Outcome => ({ status: 'dropped', reason });
export const rejected = (code: string, reason: string): Outcome => ({ status: 'rejected', code, reason });
export const retry = (code: string): Outcome => ({ status: 'retry', code });

const SEVERITY: { readonly [K in Outcome['status']]: number } = { dropped: 0, done: 1, rejected: 2, retry: 3 };

/** Of several outcomes of one thing the one that decides: what must be retried is not settled, and what was taken in part was not dropped. */
export function worse(a: Outcome | undefined, b: Outcome): Outcome {
  return a && SEVERITY[a.status] >= SEVERITY[b.status] ? a : b;
}
