import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { EngagementSourceConfig } from './contract/engagement-source';
import { EngagementEventType } from './engagement-event-type';
import { checkEndpointIdTemplate } from './private/endpoint-mapping';
import { FilterPattern } from './private/filters';
import { checkApplicationId, PINPOINT_QUOTAS, pinpointArn, warnOfEndOfSupport } from './private/pinpoint';
import { createEventStream, eventTypeFilter } from './private/pinpoint-event-stream';
import { refuse } from './private/validate';

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
   * Makes the events arrive on the stream, grants what the handler will call, and returns the source's part of the
   * handler's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: EngagementSourceBindOptions): EngagementSourceConfig;

  /**
   * What the service's records of these types look like to Lambda.
   * @internal
   */
  public abstract _filter(events: readonly EngagementEventType[]): FilterPattern;
}

class PinpointEngagementSource extends EngagementSource {
  public constructor(private readonly props: PinpointEngagementSourceProps) {
    super();
    checkApplicationId(props.applicationId);
    checkEndpointIdTemplate(props.endpointId);
  }

  /** @internal */
  public _bind(scope: Construct, options: EngagementSourceBindOptions): EngagementSourceConfig {
    const { applicationId, endpointId } = this.props;
    const lookUpEndpoints = this.props.lookUpEndpoints ?? false;
    warnOfEndOfSupport(scope);
    this.connect(scope, options);
    if (lookUpEndpoints) {
      const resourceArns = [pinpointArn(scope, applicationId, '/endpoints/*')];
      iam.Grant.addToPrincipal({ grantee: options.grantee, actions: ['mobiletargeting:GetEndpoint'], resourceArns });
    }
    return {
      kind: 'pinpoint',
      applicationId,
      endpointId,
      lookUpEndpoints,
      getEndpointPerSecond: PINPOINT_QUOTAS.GET_ENDPOINT / options.concurrency,
    };
  }

  /** @internal */
  public _filter(events: readonly EngagementEventType[]): FilterPattern {
    return eventTypeFilter(events);
  }

  private connect(scope: Construct, { stream, ownsStream }: EngagementSourceBindOptions): void {
    if (!this.props.existingEventStream) {
      createEventStream(scope, this.props.applicationId, stream);
    } else if (ownsStream) {
      refuse('stream', 'must be stated with `existingEventStream`', 'none', 'pass the Kinesis stream that the event stream writes to');
    }
  }
}
