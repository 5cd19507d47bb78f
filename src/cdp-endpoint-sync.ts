import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CdpFormat } from './cdp-format';
import { CdpWebhook } from './cdp-webhook';
import { CdpWebhookProps } from './cdp-webhook-props';
import { CdpEndpointSyncConfig, EndpointSyncMetric } from './contract/cdp-endpoint-sync';
import { CONTRACT_VERSION } from './contract/env';
import { EndpointTarget } from './endpoint-target';
import { StreamIngestRoleProps } from './ingest-role';
import { createAlarms, iteratorAge, streamAlarms } from './private/alarms';
import { AbandonedBatches, createDeadLetters, DeadLetters, grantPutDeadLetters } from './private/dead-letters';
import { checkEndpointMapping, endpointMapping } from './private/endpoint-mapping';
import { endpointSyncAlarms } from './private/endpoint-sync-alarms';
import { configureHandler, createHandler, DEFAULT_REMOVAL_POLICY } from './private/handler';
import { createIngestRole } from './private/ingest';
import { instanceMetric, instanceName } from './private/metrics';
import { createRedrive, toStream } from './private/redrive';
import { checkStreamOptions, concurrencyOf, connectStream, createStream, grantPut } from './private/stream';
import { StreamOptions } from './stream-options';
import { ChannelType, TraitMapping, UnmappedTraits } from './trait-mapping';

/** What a CdpEndpointSync writes, what it reads, and how the one becomes the other. */
export interface CdpEndpointSyncProps extends StreamOptions {
  /** The service that the endpoints and events are written to. */
  readonly target: EndpointTarget;

  /** The vocabulary of the messages on the stream. */
  readonly format: CdpFormat;

  /**
   * Rules for traits, each of which replaces what the library does with that trait by default.
   *
   * Two rules must not write the same attribute of the same endpoints, and all of them must fit into the handler's
   * environment, which Lambda limits to 4 KB: about 25 rules with values, or 45 without.
   *
   * @default - the reserved traits of the format become addresses, location, demographics and attributes of the user
   */
  readonly mapping?: TraitMapping[];

  /**
   * What becomes of a trait that neither a rule nor a default knows.
   *
   * @default UnmappedTraits.USER_ATTRIBUTES
   */
  readonly unmappedTraits?: UnmappedTraits;

  /**
   * Template of an endpoint's id. It must hold `{userId}` and `{channel}` once each, with one of `-.:/@+` between them;
   * apart from them it may hold letters, digits and `-_.:/@+`.
   *
   * Changing it makes new endpoints beside the old ones, which are not removed.
   *
   * @default '{userId}:{channel}'
   */
  readonly endpointId?: string;

  /**
   * Channels in order of preference for the endpoint that carries a user's events. Channels that are left out come last.
   *
   * @default - `EMAIL`, `SMS`, `APNS`, `GCM`, `ADM`, `BAIDU`
   */
  readonly eventChannels?: ChannelType[];

  /**
   * Country of telephone numbers that are written without one: an ISO 3166-1 alpha-2 code such as `DE`.
   *
   * @default - a number without its country is left out, counted with its reason
   */
  readonly defaultCountry?: string;
}

/**
 * Keeps the endpoints of an engagement service in step with a Customer Data Platform (CDP), and hands on its events.
 *
 * The CDP writes its messages to a Kinesis stream, with the user as partition key. A function turns traits into
 * addresses, preferences and opt-outs, and what users do into events, in the order of each user. A record that can't
 * be delivered is kept in a bucket with its reason, and can be put back on the stream.
 *
 * A record's data is one message, a JSON array of messages, or one message per line.
 */
export class CdpEndpointSync extends Construct implements iam.IGrantable {
  /** The stream that the CDP writes to: the construct's own, or the one that was brought. */
  public readonly stream: kinesis.IStream;

  /** The function that reads the stream and writes to the target. */
  public readonly handler: lambda.Function;

  /** The event source mapping between the stream and the handler. */
  public readonly eventSourceMapping: lambda.EventSourceMapping;

  /** The function that puts the dead letters of a time range back on the stream. */
  public readonly redriveFunction: lambda.Function;

  /** The bucket that keeps what could not be delivered: the construct's own, or the one that was brought. */
  public readonly deadLetterBucket: s3.IBucket;

  /** The handler's principal. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** All alarms of the construct, to add actions to or to put on a dashboard. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly instance: string;
  private readonly config: CdpEndpointSyncConfig;

  /**
   * Throws when a prop is out of its bounds or contradicts another.
   */
  constructor(scope: Construct, id: string, private readonly props: CdpEndpointSyncProps) {
    super(scope, id);
    checkStreamOptions(props);
    checkEndpointMapping(props);

    this.instance = instanceName(this);
    this.stream = createStream(this, props);
    const deadLetters = createDeadLetters(this, props);
    this.deadLetterBucket = deadLetters.bucket;

    this.handler = createHandler(this, 'Handler', {
      asset: 'cdp-endpoint-sync', description: 'Turns messages of a CDP into endpoints and events', options: props,
    });
    this.grantPrincipal = this.handler.grantPrincipal;

    this.config = this.bindRoles(props, deadLetters);
    configureHandler(this.handler, this.config,
      'write fewer or shorter rules in `mapping`, or let `unmappedTraits` carry traits under their own names');

    this.eventSourceMapping = connectStream(this, this.handler, this.stream, new AbandonedBatches(deadLetters), props);
    this.redriveFunction = createRedrive(this, {
      instance: this.instance, deadLetters, sink: toStream(this.stream), mapping: this.eventSourceMapping, options: props,
    });
    this.alarms = createAlarms(this, {
      ...streamAlarms(this.handler, this.eventSourceMapping, props), ...endpointSyncAlarms(this.instance),
    }, props);
  }

  /** Lets the grantee write messages to the stream: `kinesis:PutRecord`, `kinesis:PutRecords`, and use of the stream's key where it has one. */
  public grantIngest(grantee: iam.IGrantable): iam.Grant {
    return grantPut(this.stream, grantee, 'kinesis:PutRecord', 'kinesis:PutRecords');
  }

  /**
   * Adds a role that a CDP assumes from its own AWS account, and that may write to the stream and nothing else.
   *
   * @param id id of the role below this construct.
   * @param props whom the role trusts: exactly one of `account` and `principal`. `IngestRole` has those that CDPs document.
   * @returns the role, whose ARN the CDP is to be told.
   */
  public addIngestRole(id: string, props: StreamIngestRoleProps): iam.Role {
    const role = createIngestRole(this, id, props);
    grantPut(this.stream, role, 'kinesis:PutRecord', ...props.batches === false ? [] : ['kinesis:PutRecords']);
    if (props.checksItself) role.addToPolicy(new iam.PolicyStatement({ actions: ['iam:SimulatePrincipalPolicy'], resources: [role.roleArn] }));
    return role;
  }

  /**
   * Adds an HTTPS endpoint for a CDP that can't write to a stream, or for a CDP's own SDK.
   *
   * @param id id of the webhook below this construct.
   * @param props above all how a request is known to come from the CDP.
   * @returns the webhook, whose `url` the CDP is to be told.
   */
  public addWebhook(id: string, props: CdpWebhookProps): CdpWebhook {
    const webhook = CdpWebhook._create(this, id, props, { stream: this.stream, format: this.config.format, options: this.props });
    this.alarms.push(...webhook.alarms);
    return webhook;
  }

  /** Lets the grantee invoke the function that puts dead letters back on the stream. */
  public grantRedrive(grantee: iam.IGrantable): iam.Grant {
    return this.redriveFunction.grantInvoke(grantee);
  }

  /**
   * A metric of this construct by its name, summed up over 5 minutes unless the options say otherwise.
   *
   * The names are those of the typed methods beside this one, without `metric`, and `ChangesMissed`, `EndpointsCoalesced`,
   * `MessagesReceived`, `Records`, `Requests` and `ValuesCut`.
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return instanceMetric(this.instance, metricName, options);
  }

  /** Messages that were delivered. */
  public metricMessagesAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.MESSAGES_ACCEPTED, options);
  }

  /** Messages that had nothing to deliver. The dimension `Reason` tells why. */
  public metricMessagesDropped(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.MESSAGES_DROPPED, options);
  }

  /** Messages that could not be delivered and were kept. The dimension `Reason` tells why. */
  public metricMessagesDeadLettered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.MESSAGES_DEAD_LETTERED, options);
  }

  /** Endpoints that the target took; for Amazon Connect Customer Profiles, objects of users. */
  public metricEndpointsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.ENDPOINTS_ACCEPTED, options);
  }

  /** Events that the target took. */
  public metricEventsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.EVENTS_ACCEPTED, options);
  }

  /** Requests that the target refused since its quota was used up; they are made again. */
  public metricRequestsThrottled(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.REQUESTS_THROTTLED, options);
  }

  /** Milliseconds from the arrival of a record on the stream to its outcome, for the oldest record of each batch; the maximum. */
  public metricLag(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(EndpointSyncMetric.LAG, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /** Milliseconds that the newest record of a batch had spent on the stream when the handler was invoked; the maximum. */
  public metricIteratorAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return iteratorAge(this.handler, options);
  }

  private bindRoles(props: CdpEndpointSyncProps, deadLetters: DeadLetters): CdpEndpointSyncConfig {
    const grantee = this.handler;
    grantPutDeadLetters(deadLetters, grantee);
    const mapping = endpointMapping(props);
    return {
      version: CONTRACT_VERSION,
      instance: this.instance,
      format: props.format._bind(this, { grantee }),
      mapping,
      target: props.target._bind(this, {
        grantee, concurrency: concurrencyOf(props), mapping, removalPolicy: props.removalPolicy ?? DEFAULT_REMOVAL_POLICY,
      }),
      deadLetters: deadLetters.config,
    };
  }
}
