import { Duration } from 'aws-cdk-lib';

/**
 * The lane that changes of endpoints take to Amazon Pinpoint.
 *
 * Events are always sent by `PutEvents`, whatever the lane.
 */
export enum PinpointEndpointWrites {
  /** `UpdateEndpointsBatch`: 2 requests per second of 100 endpoints each, and nothing but the endpoint is written. */
  BATCH = 'BATCH',
  /** `PutEvents`: 15 requests per second of 100 endpoints each, at the price of one recorded event per change. */
  EVENTS = 'EVENTS',
}

/** The Amazon Pinpoint application that endpoints and events are written to. */
export interface PinpointEndpointTargetProps {
  /** Id of the application, in the account and Region of the stack. */
  readonly applicationId: string;

  /**
   * The lane that changes of endpoints take.
   *
   * @default PinpointEndpointWrites.BATCH
   */
  readonly endpointWrites?: PinpointEndpointWrites;

  /**
   * Whether `GetUserEndpoints` is asked for what a message leaves out.
   *
   * Only with the answer do events carry the full endpoint that event-triggered journeys need, and only with it do
   * preferences that come without an address reach the endpoints that the user already has. Without it an opt-out from
   * everything reaches the user's first e-mail address and telephone number, but no device and no second address.
   *
   * @default true
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/journeys-troubleshooting.html
   */
  readonly lookUpEndpoints?: boolean;
}

/** The domain of Amazon Connect Customer Profiles that users and events are written to. */
export interface CustomerProfilesEndpointTargetProps {
  /**
   * Name of the domain, in the account and Region of the stack. Of a domain in the same app, give the `ref` of its `CfnDomain`.
   *
   * Amazon Connect's outbound campaigns can use a domain only if its name starts with `amazon-connect-`. Another name is
   * warned of under the id `cdk-cdp-engagement:customerProfilesDomainName`.
   *
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/enable-outbound-campaigns.html
   */
  readonly domainName: string;

  /**
   * Attributes of users and of endpoints that a profile gets, besides those that rules of `mapping` name: letters, digits, `_` and `-`,
   * at most 50 of them. `FirstName`, `LastName` and `Name` need not be listed.
   *
   * A mapping of Customer Profiles names every attribute, so that one which is not listed is left out, counted with the reason
   * `UndeclaredAttribute`.
   *
   * @default - those of the rules
   */
  readonly attributes?: string[];

  /**
   * Metrics of endpoints that a profile gets, as attributes `Metrics_<name>`, besides those that rules of `mapping` name.
   *
   * @default - those of the rules
   */
  readonly metrics?: string[];

  /**
   * Name of the object type of the users, which must be no other's in the domain.
   *
   * @default 'CdpUser'
   */
  readonly userObjectTypeName?: string;

  /**
   * Name of the object type of the events, which must be no other's in the domain.
   *
   * @default 'CdpEvent'
   */
  readonly eventObjectTypeName?: string;

  /**
   * Time after which what was written of a user expires: whole days, from 1 to 1098.
   *
   * @default Duration.days(1098)
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  readonly userExpiration?: Duration;

  /**
   * Time after which an event expires: whole days, from 1 to 1098.
   *
   * @default Duration.days(90)
   */
  readonly eventExpiration?: Duration;

  /**
   * Events that a profile keeps, from 1 to 1000; the oldest make room. Objects of all types share the 1000 that a profile has room for.
   *
   * @default 500
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  readonly maxEventsPerProfile?: number;
}
