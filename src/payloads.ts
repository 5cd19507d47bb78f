import { EngagementEventType } from './engagement-event-type';

/** The campaign that sent a message. */
export interface EngagementCampaign {
  /**
   * Id of the campaign.
   *
   * @default - not known
   */
  readonly id?: string;

  /**
   * Id of the run of the campaign.
   *
   * @default - not known
   */
  readonly activityId?: string;

  /**
   * Id of the treatment, when the campaign compares several.
   *
   * @default - not known
   */
  readonly treatmentId?: string;
}

/** The journey that sent a message. */
export interface EngagementJourney {
  /**
   * Id of the journey.
   *
   * @default - not known
   */
  readonly id?: string;

  /**
   * Id of the run of the journey.
   *
   * @default - not known
   */
  readonly runId?: string;

  /**
   * Id of the step.
   *
   * @default - not known
   */
  readonly activityId?: string;
}

/** Why an e-mail could not be delivered. */
export interface EngagementBounce {
  /**
   * In the service's words, such as `Permanent`.
   *
   * @default - not known
   */
  readonly type?: string;

  /**
   * In the service's words, such as `NoEmail`.
   *
   * @default - not known
   */
  readonly subType?: string;

  /**
   * What the recipient's mail server answered.
   *
   * @default - not known
   */
  readonly diagnostic?: string;
}

/** What a recipient complained of. */
export interface EngagementComplaint {
  /**
   * In the words of the recipient's mailbox provider, such as `abuse`.
   *
   * @default - not known
   */
  readonly type?: string;
}

/** One thing that happened to a message or in an application, whatever service says it. */
export interface EngagementEvent {
  /**
   * The same at every delivery of the same event. Events are delivered at least once: who keeps the ids sees each event once.
   */
  readonly id: string;

  /** What happened. */
  readonly type: EngagementEventType;

  /** The service's own name of the event, such as `_email.hardbounce`. */
  readonly sourceType: string;

  /** When it happened: ISO 8601, UTC. */
  readonly at: string;

  /**
   * The user, as the CDP knows them.
   *
   * @default - not known; the endpoint may tell
   */
  readonly userId?: string;

  /**
   * The endpoint: one address of the user. Of outbound campaigns of Amazon Connect, the profile.
   *
   * @default - not known
   */
  readonly endpointId?: string;

  /**
   * The channel, such as `EMAIL`.
   *
   * @default - not known
   */
  readonly channel?: string;

  /**
   * E-mail address or telephone number.
   *
   * @default - not known
   */
  readonly address?: string;

  /**
   * The service's id of the message.
   *
   * @default - not known
   */
  readonly messageId?: string;

  /**
   * Subject of the e-mail.
   *
   * @default - not known
   */
  readonly subject?: string;

  /**
   * The campaign that sent the message.
   *
   * @default - none
   */
  readonly campaign?: EngagementCampaign;

  /**
   * The journey that sent the message.
   *
   * @default - none
   */
  readonly journey?: EngagementJourney;

  /**
   * Result of a send or of a text message, in the service's words.
   *
   * @default - not known
   */
  readonly status?: string;

  /**
   * The link that was followed.
   *
   * @default - none
   */
  readonly link?: string;

  /**
   * Why the e-mail could not be delivered.
   *
   * @default - it did not bounce
   */
  readonly bounce?: EngagementBounce;

  /**
   * What the recipient complained of.
   *
   * @default - nobody complained
   */
  readonly complaint?: EngagementComplaint;

  /**
   * The program that opened the e-mail or followed the link.
   *
   * @default - not known
   */
  readonly userAgent?: string;

  /**
   * The network address that it was opened from.
   *
   * @default - not known
   */
  readonly ip?: string;

  /** The application's own attributes, and what the service adds that has no field here. */
  readonly attributes: { [name: string]: string };

  /** The application's own numbers, and what the service adds that has no field here. */
  readonly metrics: { [name: string]: number };
}

/** What a function behind `CdpDestination.function()` is invoked with. */
export interface CdpFunctionRequest {
  /** Version of this shape: 1. */
  readonly version: number;

  /** The events, in the order of their stream. */
  readonly events: EngagementEvent[];
}

/** What became of one event. */
export enum CdpFunctionStatus {
  /** It was delivered. */
  DONE = 'done',
  /** It is not wanted; it is counted with its reason. */
  DROPPED = 'dropped',
  /** It can't be delivered: it is kept as a dead letter. */
  REJECTED = 'rejected',
  /** It could not be delivered for now: it is sent again. */
  RETRY = 'retry',
}

/** What became of one event. */
export interface CdpFunctionResult {
  /** Id of the event. */
  readonly id: string;

  /** What became of it. */
  readonly status: CdpFunctionStatus;

  /**
   * Why, for metrics and dead letters: a word of letters, digits and `_`. In metrics, anything else is `Other`. It must not
   * hold personal data.
   *
   * @default - no reason is given
   */
  readonly reason?: string;
}

/** What a function behind `CdpDestination.function()` answers. A function that throws is invoked again with the same events. */
export interface CdpFunctionResponse {
  /** What became of each event, in any order. An event that is not named is sent again. */
  readonly results: CdpFunctionResult[];
}

/** One message of a CDP that a function translates. */
export interface CdpTransformMessage {
  /** The same at every delivery of the same message. */
  readonly id: string;

  /** When it arrived on the stream: ISO 8601, UTC. */
  readonly at: string;

  /** The message as the CDP wrote it: a JSON object. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no `unknown`
  readonly body: any;
}

/** What a function behind `CdpFormat.function()` is invoked with. */
export interface CdpTransformRequest {
  /** Version of this shape: 1. */
  readonly version: number;

  /** The messages, in the order of their stream. */
  readonly messages: CdpTransformMessage[];
}

/** What a message says. */
export interface CdpTransformResult {
  /** Id of the message. */
  readonly id: string;

  /** `DONE` with `messages`, or what became of it instead. */
  readonly status: CdpFunctionStatus;

  /**
   * What it says, as messages of the Segment spec, each with its `type`. All of them are taken, or it becomes a dead letter.
   * They should be about the user that is the partition key of the record, since order is kept for one key only.
   *
   * @default - nothing; it is dropped
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no `unknown`
  readonly messages?: any[];

  /**
   * Why, for metrics and dead letters: a word of letters, digits and `_`. In metrics, anything else is `Other`. It must not
   * hold personal data.
   *
   * @default - no reason is given
   */
  readonly reason?: string;
}

/** What a function behind `CdpFormat.function()` answers. */
export interface CdpTransformResponse {
  /** A result for each message, in any order. A message without one becomes a dead letter. */
  readonly results: CdpTransformResult[];
}
