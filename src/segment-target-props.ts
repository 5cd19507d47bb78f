import { Duration } from 'aws-cdk-lib';

/** The Amazon Pinpoint application that lists are imported into. */
export interface PinpointSegmentTargetProps {
  /** Id of the application, in the account and Region of the stack. */
  readonly applicationId: string;

  /**
   * Whether the members become endpoints of the application, and those that exist are updated from the list.
   *
   * @default true
   */
  readonly registerEndpoints?: boolean;

  /**
   * Whether the list becomes a segment.
   *
   * @default true
   */
  readonly defineSegment?: boolean;
}

/**
 * Large lists by upload jobs instead of one request for each member. Experimental: never tried against the service.
 *
 * What the service does not document, and what has to be tried in a domain of your own first: whether a row updates the profile that its user has
 * already or makes a second one, whether an object that is put later, such as that of a former member, outranks what a row said, and what
 * `dataExpiry` does to a profile that something else had made.
 */
export interface CustomerProfilesBulkOptions {
  /**
   * Members that a list must have to be written by a job, from 1 to 1,000,000, and at most one more than can be written one by one within
   * `jobTimeout`, as what has fewer is written so.
   *
   * @default 50000, or the most that it may be if that is less
   */
  readonly from?: number;

  /**
   * How long the service keeps the profiles of a file, from 1 to 1098 days; it removes a profile that was not updated for so long from the domain.
   * It is always sent, since 14 days would hold otherwise. The administrator guide speaks of 90 days at most, the API reference of 1098; a job that
   * is refused for it is reported, and its members are written one by one.
   *
   * @default Duration.days(1098)
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/customer-profiles-data-expiration.html
   */
  readonly dataExpiry?: Duration;
}

/** The domain of Amazon Connect Customer Profiles whose segments follow the lists. */
export interface CustomerProfilesSegmentTargetProps {
  /** Name of the domain, in the account and Region of the stack. */
  readonly domainName: string;

  /**
   * Names of the segments, as they are in the keys of lists: from 1 to 246. Each becomes a segment definition, and an attribute
   * `Segment_<name>` of its members. A list for any other name is reported as `UndeclaredSegment`.
   *
   * In the definition and the attribute, a name has only letters, digits, `_` and `-` (`VIP list (März)` becomes
   * `VIP-list-Marz`), at most 50 of them, and no two names may become the same, whatever their case.
   */
  readonly segments: string[];

  /**
   * Name of the object type of the memberships: a letter, then letters, digits, `_` and `-`, at most 255 in all. Two constructs that
   * write to one domain need two names.
   *
   * @default 'CdpSegmentMember'
   */
  readonly objectTypeName?: string;

  /**
   * How long an object of a membership is kept, from 1 to 1098 days. Each list writes its members anew.
   *
   * @default Duration.days(1098)
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  readonly expiration?: Duration;

  /**
   * Requests per second and operation that all imports of the construct may make together, from 1 to 100. Each of the
   * `maxConcurrentJobs` imports that may run at once has its part, also when it runs alone.
   *
   * The published quota of 100 belongs to the account in its Region. `EndpointTarget.customerProfiles` is made to take all of it;
   * what the service then refuses is asked again. Choosing a number silences the warning of that.
   *
   * @default 100
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  readonly requestsPerSecond?: number;

  /**
   * Writes the members of large lists by upload jobs, so that a list may have a million members whatever the rate. Experimental; synthesis
   * warns of what is not known under the id `cdk-cdp-engagement:customerProfilesUploadJobs`, which can be acknowledged.
   *
   * Those who go are still removed one by one, before. When a job does not write everybody, all members are written one by one, as far as the
   * time allows, and the report says so.
   *
   * @default - every member is written by a request of its own
   * @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_CreateUploadJob.html
   */
  readonly bulk?: CustomerProfilesBulkOptions;
}
