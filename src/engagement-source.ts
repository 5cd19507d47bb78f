import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CAMPAIGN_OBJECT_TYPES } from './contract/campaign-objects';
import { EngagementSourceConfig } from './contract/engagement-source';
import { EngagementEventType } from './engagement-event-type';
import {
  CustomerProfilesEngagementSourceProps, PinpointEngagementSourceProps, SesEngagementSourceProps, SmsEngagementSourceProps,
} from './engagement-source-props';
import { HandlerOptions } from './handler-options';
import { checkDomain, domainArn, PROFILES_QUOTA, warnOfDomainName } from './private/customer-profiles';
import { checkEndpointIdTemplate } from './private/endpoint-mapping';
import { FilterPattern } from './private/filters';
import { checkApplicationId, PINPOINT_QUOTAS, pinpointArn, warnOfEndOfSupport } from './private/pinpoint';
import { createEventStream, eventTypeFilter } from './private/pinpoint-event-stream';
import { campaignObjectFilter, checkCampaignObjectTypes, createProfileEventStream } from './private/profile-event-stream';
import { connectSes, sesEventFilter } from './private/ses-events';
import { connectSms, smsEventFilter } from './private/sms-events';
import { checkBrought } from './private/stream';
import { checkText } from './private/validate';

/**
 * What a construct tells a source.
 * @internal
 */
export interface EngagementSourceBindOptions {
  /** Who reads the events at run time. */
  readonly grantee: iam.IGrantable;
  /** The stream that the events are to arrive on. */
  readonly stream: kinesis.IStream;
  /** Whether the construct made the stream itself. */
  readonly ownsStream: boolean;
  /** Invocations that may run at once (shards × parallelization factor): the quotas are shared out over them. */
  readonly concurrency: number;
  /** The types that are handed on; left out, all of them. */
  readonly events?: readonly EngagementEventType[];
  /** What the resources that the source needs are to be like. */
  readonly options: HandlerOptions;
}

/**
 * What a source tells a construct.
 * @internal
 */
export interface BoundEngagementSource {
  readonly config: EngagementSourceConfig;
  /** What could not be put on the stream, where somebody else than the service does that. */
  readonly undelivered?: sqs.Queue;
}

/** The service that tells what became of messages and what users did. */
export abstract class EngagementSource {
  /**
   * The event stream of an Amazon Pinpoint application: e-mail, text messages, campaigns, journeys and the application's
   * own events. Push notifications and voice messages that were sent one by one are not on it.
   *
   * AWS ended support for the engagement features of Amazon Pinpoint on October 30, 2026. Synthesis warns of it under
   * the id `cdk-cdp-engagement:pinpointEndOfSupport`, which can be acknowledged.
   *
   * Where the stream is encrypted with a customer managed key, the event stream's role may also use
   * `kms:GenerateDataKey`: Kinesis asks it of every producer, while the documentation of Amazon Pinpoint doesn't mention it.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html
   */
  public static pinpoint(props: PinpointEngagementSourceProps): EngagementSource {
    return new PinpointEngagementSource(props);
  }

  /**
   * The events of an Amazon SES configuration set: what becomes of e-mail that you send with it. A rule of Amazon EventBridge
   * takes them from the default event bus to the stream, with the message as partition key.
   *
   * Amazon SES publishes events at best effort and in any order; each is handed on with the time that it happened. One event that
   * names several recipients is handed on once for each of them, and all of them as events of the user that the message's tag names:
   * send a message to several users as one message for each. An open or a click of a message to several recipients has no
   * address, as Amazon SES does not tell whose it was. Of a complaint, it lists everybody who may have complained, as mailbox
   * providers seldom tell who did; a report that a message was no spam is handed on as `CUSTOM`.
   *
   * @see https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html
   */
  public static ses(props: SesEngagementSourceProps): EngagementSource {
    return new SesEngagementSource(props);
  }

  /**
   * The events of a configuration set of AWS End User Messaging SMS: what becomes of text messages (SMS) and media messages
   * (MMS) that you send with it. Events of voice and RCS messages are handed on as `CUSTOM`. The service publishes to an Amazon SNS
   * topic; a queue and a pipe of Amazon EventBridge take the events to the stream.
   *
   * A message of which the carrier tells nothing is said to be `UNKNOWN` after 72 hours, and handed on as a failure with that status.
   * Answers of recipients, such as STOP, are not among these events.
   *
   * Not confirmed: the principal `sms-voice.amazonaws.com`, which the topic's policy lets publish from your account, is documented for
   * other event destinations and not for topics.
   *
   * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-destinations.html
   */
  public static sms(props: SmsEngagementSourceProps = {}): EngagementSource {
    return new SmsEngagementSource(props);
  }

  /**
   * EXPERIMENTAL: what the outbound campaigns of Amazon Connect write about their messages into a domain of Customer Profiles, by way of
   * the domain's event stream.
   *
   * Not confirmed, as no object of a live campaign is published: that the objects are on the event stream, what their members are called, and
   * how they are nested. The handler looks in every place that the documentation names; what it can't make out becomes a dead letter, or
   * a `CUSTOM` event under the name `<object type>.<event type>`. E-mail is told in the words of Amazon SES, text messages
   * in those of AWS End User Messaging; everything else is `CUSTOM`.
   *
   * Only objects that campaigns write are read. What `EndpointTarget.customerProfiles` and `SegmentTarget.customerProfiles` write comes back on
   * the event stream and is left alone, so that nothing goes in a circle; Lambda is not invoked for it.
   *
   * The user is that of the profile, which `BatchGetProfile` is asked for: the attribute `cdpUserId`, else `AccountNumber`. An event of a profile
   * that has neither, or is gone, carries the id of the profile as an anonymous id. The construct takes 100 requests per second for
   * itself; that this published quota holds for `BatchGetProfile` is not confirmed.
   *
   * Customer Profiles writes to the stream in its service-linked role, to which the deployment adds the permission: whoever deploys needs
   * `iam:PutRolePolicy` on it. Where the stream is encrypted with a customer managed key, its policy lets that role use
   * `kms:GenerateDataKey`; that this is enough is not confirmed.
   *
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/set-up-real-time-export.html
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/mapping-campaign-objects-to-the-standard-communication-record-in-amazon-connect-customer-profiles.html
   */
  public static customerProfiles(props: CustomerProfilesEngagementSourceProps): EngagementSource {
    return new CustomerProfilesEngagementSource(props);
  }

  /**
   * Makes the events arrive on the stream, grants what the handler will call, and returns the source's part of the
   * handler's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: EngagementSourceBindOptions): BoundEngagementSource;

  /**
   * What the service's records of these types look like to Lambda; undefined when it has none of them. Left out, all types are meant:
   * undefined then for everything that is on the stream.
   * @internal
   */
  public abstract _filter(events?: readonly EngagementEventType[]): FilterPattern | undefined;
}

class PinpointEngagementSource extends EngagementSource {
  public constructor(private readonly props: PinpointEngagementSourceProps) {
    super();
    checkApplicationId(props.applicationId);
    checkEndpointIdTemplate(props.endpointId);
  }

  /** @internal */
  public _bind(scope: Construct, options: EngagementSourceBindOptions): BoundEngagementSource {
    const { applicationId, endpointId } = this.props;
    const lookUpEndpoints = this.props.lookUpEndpoints ?? false;
    warnOfEndOfSupport(scope);
    this.connect(scope, options);
    if (lookUpEndpoints) {
      const resourceArns = [pinpointArn(scope, applicationId, '/endpoints/*')];
      iam.Grant.addToPrincipal({ grantee: options.grantee, actions: ['mobiletargeting:GetEndpoint'], resourceArns });
    }
    return {
      config: {
        kind: 'pinpoint',
        applicationId,
        endpointId,
        lookUpEndpoints,
        getEndpointPerSecond: PINPOINT_QUOTAS.GET_ENDPOINT / options.concurrency,
      },
    };
  }

  /** @internal */
  public _filter(events?: readonly EngagementEventType[]): FilterPattern | undefined {
    return events && eventTypeFilter(events);
  }

  private connect(scope: Construct, options: EngagementSourceBindOptions): void {
    if (this.props.existingEventStream) checkBrought(options.ownsStream);
    else createEventStream(scope, this.props.applicationId, options.stream);
  }
}

const DEFAULT_USER_ID = 'userId';

class SesEngagementSource extends EngagementSource {
  private readonly userIdTag: string;

  public constructor(private readonly props: SesEngagementSourceProps) {
    super();
    this.userIdTag = props.userIdTag ?? DEFAULT_USER_ID;
    checkText('userIdTag', this.userIdTag, /^[\w-]{1,200}$/, 'must have 1 to 200 letters, digits, `_` and `-`', "leave it out for 'userId'");
  }

  /** @internal */
  public _bind(scope: Construct, options: EngagementSourceBindOptions): BoundEngagementSource {
    const undelivered = connectSes(scope, this.props, options);
    return { config: { kind: 'ses', userIdTag: this.userIdTag }, undelivered };
  }

  /** @internal */
  public _filter(events?: readonly EngagementEventType[]): FilterPattern | undefined {
    return events && sesEventFilter(events);
  }
}

class SmsEngagementSource extends EngagementSource {
  private readonly userIdContextKey: string;

  public constructor(private readonly props: SmsEngagementSourceProps) {
    super();
    this.userIdContextKey = props.userIdContextKey ?? DEFAULT_USER_ID;
    checkText('userIdContextKey', this.userIdContextKey, /^\S{1,100}$/, 'must have 1 to 100 characters without spaces', "leave it out for 'userId'");
    checkText('configurationSetName', props.configurationSetName, /^[\w-]{1,64}$/, 'must have 1 to 64 letters, digits, `_` and `-`',
      'take its name, not its ARN');
  }

  /** @internal */
  public _bind(scope: Construct, options: EngagementSourceBindOptions): BoundEngagementSource {
    const undelivered = connectSms(scope, this.props, options);
    return { config: { kind: 'sms', userIdContextKey: this.userIdContextKey }, undelivered };
  }

  /** @internal */
  public _filter(events?: readonly EngagementEventType[]): FilterPattern | undefined {
    return events && smsEventFilter(events);
  }
}

class CustomerProfilesEngagementSource extends EngagementSource {
  private readonly objectTypeNames: readonly string[];

  public constructor(private readonly props: CustomerProfilesEngagementSourceProps) {
    super();
    checkDomain(props.domainName);
    checkCampaignObjectTypes(props.objectTypeNames);
    this.objectTypeNames = props.objectTypeNames ?? CAMPAIGN_OBJECT_TYPES;
  }

  /** @internal */
  public _bind(scope: Construct, options: EngagementSourceBindOptions): BoundEngagementSource {
    const { domainName, existingEventStream } = this.props;
    warnOfDomainName(scope, domainName);
    if (existingEventStream) checkBrought(options.ownsStream);
    else createProfileEventStream(scope, domainName, options.stream);
    iam.Grant.addToPrincipal({ grantee: options.grantee, actions: ['profile:BatchGetProfile'], resourceArns: [domainArn(scope, domainName)] });
    return {
      config: {
        kind: 'customerProfiles', domainName, objectTypeNames: this.objectTypeNames, batchGetProfilePerSecond: PROFILES_QUOTA / options.concurrency,
      },
    };
  }

  /** @internal */
  public _filter(events?: readonly EngagementEventType[]): FilterPattern | undefined {
    return campaignObjectFilter(this.props.domainName, this.objectTypeNames, events);
  }
}
