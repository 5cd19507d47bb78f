import * as ses from 'aws-cdk-lib/aws-ses';

/** The Amazon Pinpoint application whose events are read. */
export interface PinpointEngagementSourceProps {
  /** Id of the application, in the account and Region of the stack. */
  readonly applicationId: string;

  /**
   * Whether the application has an event stream already. An application can have one only, so that the construct then
   * makes none, and reads the Kinesis stream that the event stream writes to: pass it as the construct's `stream`. Events
   * of other applications that write to the same Kinesis stream are dropped, with the reason `OtherApplication`.
   *
   * @default false
   */
  readonly existingEventStream?: boolean;

  /**
   * Template of the ids of the application's endpoints, read in reverse to find the user of an event. It is the
   * `endpointId` of the `CdpEndpointSync` that writes the endpoints, which is `{userId}:{channel}` unless you chose another.
   *
   * The e-mail events of Amazon Pinpoint name an endpoint and no user.
   *
   * @default - the ids of endpoints name no user
   */
  readonly endpointId?: string;

  /**
   * Whether `GetEndpoint` is asked for the user of an event that neither the event nor the endpoint's id names.
   *
   * The quota of 10 requests per second belongs to the account in its Region. The construct takes all of it, and what
   * it has learned it remembers for a while.
   *
   * @default false
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
   */
  readonly lookUpEndpoints?: boolean;
}

/** The configuration set of Amazon SES whose events are read. */
export interface SesEngagementSourceProps {
  /** The configuration set that messages are sent with, in the account and Region of the stack. */
  readonly configurationSet: ses.IConfigurationSet;

  /**
   * Whether the configuration set has an event destination for the default event bus already, so that the construct makes
   * none. The one that it makes has the types that `events` names, and all of them without: Amazon SES then puts a pixel into
   * messages for opens, and rewrites links for clicks.
   *
   * @default false
   * @see https://docs.aws.amazon.com/ses/latest/dg/configure-custom-open-click-domains.html
   */
  readonly existingEventDestination?: boolean;

  /**
   * Name of the message tag that names the user: 1 to 200 letters, digits, `_` and `-`.
   *
   * A tag's value has 1 to 256 letters, digits, `_` and `-`. An id with other characters goes into the tag of this name with
   * `-base64url` at its end, as base64url of its UTF-8 without padding; where a message has both, that one counts.
   *
   * A message without the tag is told of under a pseudonym of the recipient's address, beside the address.
   *
   * @default 'userId'
   * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html
   */
  readonly userIdTag?: string;
}

/** The configuration set of AWS End User Messaging SMS whose events are read. */
export interface SmsEngagementSourceProps {
  /**
   * Name of a configuration set that exists. CloudFormation can't add an event destination to it: add one of type Amazon SNS
   * for the topic whose ARN is the output `SmsTopicArn`.
   *
   * @default - the construct makes a configuration set; its name, which messages are to be sent with, is the output
   * `SmsConfigurationSetName`
   */
  readonly configurationSetName?: string;

  /**
   * The key of a message's `Context` that names the user: 1 to 100 characters.
   *
   * A message without it is told of under a pseudonym of the telephone number, beside the number.
   *
   * @default 'userId'
   * @see https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html
   */
  readonly userIdContextKey?: string;
}

/** The domain of Amazon Connect Customer Profiles that outbound campaigns write to. */
export interface CustomerProfilesEngagementSourceProps {
  /**
   * Name of the domain, in the account and Region of the stack. Of a domain in the same app, give the `ref` of its `CfnDomain`.
   *
   * Campaigns can use a domain only if its name starts with `amazon-connect-`. Another name is warned of under the id
   * `cdk-cdp-engagement:customerProfilesDomainName`.
   */
  readonly domainName: string;

  /**
   * Whether the domain has an event stream already. A domain can have one only, so that the construct then makes none, and reads
   * the Kinesis stream that the event stream writes to: pass it as the construct's `stream`. Records of other domains that are on
   * the same Kinesis stream are left alone.
   *
   * @default false
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html
   */
  readonly existingEventStream?: boolean;

  /**
   * Names of the object types that campaigns write: 1 to 10, as chosen when the domain was integrated with campaigns. All other
   * objects and profiles of the domain are left alone.
   *
   * @default - `Campaign-Email`, `Campaign-SMS`, `Campaign-Telephony`, `Campaign-Orchestration`, `Campaign-WhatsApp` and
   * `Campaign-WebNotification`
   * @see https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_CustomerProfilesIntegrationSummary.html
   */
  readonly objectTypeNames?: string[];
}
