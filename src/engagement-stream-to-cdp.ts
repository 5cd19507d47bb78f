import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CdpDestination } from './cdp-destination';
import { EngagementStreamMetric, EngagementStreamToCdpConfig } from './contract/engagement-stream-to-cdp';
import { CONTRACT_VERSION } from './contract/env';
import { EngagementArchive } from './engagement-archive';
import { EngagementEventType } from './engagement-event-type';
import { BoundEngagementSource, EngagementSource } from './engagement-source';
import { createAlarms, iteratorAge, streamAlarms } from './private/alarms';
import { archiveAlarms, checkArchive, createArchive } from './private/archive';
import { AbandonedBatches, createDeadLetters, DeadLetters, grantPutDeadLetters } from './private/dead-letters';
import { engagementStreamAlarms, undeliveredAlarm } from './private/engagement-stream-alarms';
import { checkEvents, eventFilters } from './private/events';
import { configureHandler, createHandler } from './private/handler';
import { instanceMetric, instanceName } from './private/metrics';
import { createRedrive, toStream } from './private/redrive';
import { checkStreamOptions, concurrencyOf, connectStream, createStream } from './private/stream';
import { StreamOptions } from './stream-options';

/** Which events an EngagementStreamToCdp hands on, and to whom. */
export interface EngagementStreamToCdpProps extends StreamOptions {
  /** The service that the events come from. */
  readonly source: EngagementSource;

  /** The CDP, and how it is reached. */
  readonly destination: CdpDestination;

  /**
   * The types that are handed on, each once. The function is not invoked for the others: Lambda filters them, and with
   * them whatever on the stream is not JSON. Of `EngagementSource.customerProfiles` Lambda always filters what campaigns do not
   * write, and the function chooses among the types.
   *
   * @default - all of them; a record that is none is kept as a dead letter, or filtered as above
   */
  readonly events?: EngagementEventType[];

  /**
   * A copy of everything that arrives on the stream, also of what `events` leaves out.
   *
   * @default - none
   */
  readonly archive?: EngagementArchive;
}

/**
 * Tells a Customer Data Platform (CDP) what became of messages: bounces, complaints, opens, clicks, unsubscribes, results of
 * text messages, and the application's own events.
 *
 * The service writes its events to a Kinesis stream. A function turns them into the vocabulary of the CDP and sends them.
 * Each has an id that is the same at every delivery, so that a CDP that removes duplicates sees it once. A CDP that is down
 * is tried again for as long as a record may age; then the record is kept in a bucket with its reason, and can be put back
 * on the stream.
 *
 * The order of the stream is kept for each partition key, which the service chooses.
 */
export class EngagementStreamToCdp extends Construct implements iam.IGrantable {
  /** The stream that the service writes to: the construct's own, or the one that was brought. */
  public readonly stream: kinesis.IStream;

  /** The function that reads the stream and sends to the CDP. */
  public readonly handler: lambda.Function;

  /** The event source mapping between the stream and the handler. */
  public readonly eventSourceMapping: lambda.EventSourceMapping;

  /** The function that puts the dead letters of a time range back on the stream. */
  public readonly redriveFunction: lambda.Function;

  /** The bucket that keeps what could not be delivered: the construct's own, or the one that was brought. */
  public readonly deadLetterBucket: s3.IBucket;

  /** The bucket of the archive, if there is one: the construct's own, or the one that was brought. */
  public readonly archiveBucket?: s3.IBucket;

  /** What copies the stream to the archive, if there is one. */
  public readonly archiveDelivery?: firehose.CfnDeliveryStream;

  /**
   * Holds events that could not be put on the stream for 24 hours, where the source comes by way of Amazon EventBridge or a
   * queue; each message of it is one event.
   */
  public readonly undeliveredQueue?: sqs.Queue;

  /** The handler's principal. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** All alarms of the construct, to add actions to or to put on a dashboard. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly instance: string;

  /**
   * Throws when a prop is out of its bounds or contradicts another.
   */
  constructor(scope: Construct, id: string, props: EngagementStreamToCdpProps) {
    super(scope, id);
    checkStreamOptions(props);
    checkEvents(props.events);
    if (props.archive) checkArchive(props.archive);

    this.instance = instanceName(this);
    this.stream = createStream(this, props);
    const deadLetters = createDeadLetters(this, props);
    this.deadLetterBucket = deadLetters.bucket;
    const archive = props.archive && createArchive(this, props.archive, this.stream, props);
    this.archiveBucket = archive?.bucket;
    this.archiveDelivery = archive?.delivery;

    this.handler = createHandler(this, 'Handler', {
      asset: 'engagement-stream-to-cdp', description: 'Tells a CDP what became of messages', options: props,
    });
    this.grantPrincipal = this.handler.grantPrincipal;

    const filters = eventFilters(props.source, props.events);
    const source = this.bindSource(props);
    this.undeliveredQueue = source.undelivered;
    configureHandler(this.handler, this.bindRoles(props, source, deadLetters), 'write fewer or shorter `headers`');

    this.eventSourceMapping = connectStream(this, this.handler, this.stream, new AbandonedBatches(deadLetters), props, filters);
    this.redriveFunction = createRedrive(this, {
      instance: this.instance, deadLetters, sink: toStream(this.stream), mapping: this.eventSourceMapping, options: props,
    });
    this.alarms = createAlarms(this, {
      ...streamAlarms(this.handler, this.eventSourceMapping, props), ...engagementStreamAlarms(this.instance), ...archive && archiveAlarms(archive),
      ...source.undelivered && undeliveredAlarm(source.undelivered),
    }, props);
  }

  /** Lets the grantee invoke the function that puts dead letters back on the stream. */
  public grantRedrive(grantee: iam.IGrantable): iam.Grant {
    return this.redriveFunction.grantInvoke(grantee);
  }

  /**
   * A metric of this construct by its name, summed up over 5 minutes unless the options say otherwise.
   *
   * The names are those of the typed methods beside this one, without `metric`, and `MessagesReceived`, `Records` and
   * `Requests`.
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return instanceMetric(this.instance, metricName, options);
  }

  /** Events that the CDP took. */
  public metricMessagesAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.MESSAGES_ACCEPTED, options);
  }

  /** Events that were not to be handed on. The dimension `Reason` tells why. */
  public metricMessagesDropped(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.MESSAGES_DROPPED, options);
  }

  /** Events that could not be delivered and were kept. The dimension `Reason` tells why. */
  public metricMessagesDeadLettered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.MESSAGES_DEAD_LETTERED, options);
  }

  /** Events whose user is not known, so that they carry an anonymous id. */
  public metricAnonymousEvents(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.ANONYMOUS, options);
  }

  /** Requests that the CDP refused since its limit was used up; they are made again. */
  public metricRequestsThrottled(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.REQUESTS_THROTTLED, options);
  }

  /** Requests that the CDP did not answer, or answered with an error of its own; they are made again. */
  public metricRequestsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.REQUESTS_FAILED, options);
  }

  /** Milliseconds from the arrival of a record on the stream to its outcome, for the oldest record of each batch; the maximum. */
  public metricLag(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EngagementStreamMetric.LAG, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /** Milliseconds that the newest record of a batch had spent on the stream when the handler was invoked; the maximum. */
  public metricIteratorAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return iteratorAge(this.handler, options);
  }

  private bindSource(props: EngagementStreamToCdpProps): BoundEngagementSource {
    return props.source._bind(this, {
      grantee: this.handler,
      stream: this.stream,
      ownsStream: props.stream === undefined,
      concurrency: concurrencyOf(props),
      events: props.events,
      options: props,
    });
  }

  private bindRoles(props: EngagementStreamToCdpProps, source: BoundEngagementSource, deadLetters: DeadLetters): EngagementStreamToCdpConfig {
    const grantee = this.handler;
    grantPutDeadLetters(deadLetters, grantee);
    return {
      version: CONTRACT_VERSION,
      instance: this.instance,
      source: source.config,
      destination: props.destination._bind(this, { grantee, readsStream: this.stream }),
      events: props.events,
      deadLetters: deadLetters.config,
    };
  }
}
