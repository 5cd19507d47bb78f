import { CfnOutput, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CONTRACT_VERSION } from './contract/env';
import { OfferCustomChannelConfig, OfferDeliveryConfig, OfferMetric } from './contract/offer-custom-channel';
import { OfferWithoutUserId } from './offer';
import { OfferCustomChannelProps } from './offer-custom-channel-props';
import { createAlarms } from './private/alarms';
import { checkDeadLetterOptions, createDeadLetters, DeadLetters, grantPutDeadLetters } from './private/dead-letters';
import { configureHandler, createHandler } from './private/handler';
import { instanceMetric, instanceName } from './private/metrics';
import { offerAlarms } from './private/offer-alarms';
import { checkDataFields, checkOffer, offerConfig } from './private/offers';
import { connectQueue, createQueues, grantSend, Queues, toQueue } from './private/queue';
import { createRedrive } from './private/redrive';
import { checkDuration, checkText, refuse } from './private/validate';

/**
 * Gives the users that a campaign or a journey sends its way an offer, and tells the Customer Data Platform (CDP) of it, so
 * that a checkout or a call centre can honour it.
 *
 * The campaign or journey invokes the channel function, which puts the offers on a queue and answers in time, with what a
 * journey may branch on. A second function takes them from the queue to the CDP, and tries again for as long as
 * `maxDeliveryAge`; then they are kept in a bucket with their reason, and can be put back. An offer has an id that is the same
 * when the channel is invoked again for the same step of the same run, so that a CDP that removes duplicates sees it once.
 *
 * `memorySize` is that of both functions; `timeout` and `role` are those of the delivery function, as the caller decides how long
 * the channel function may take.
 */
export class OfferCustomChannel extends Construct implements iam.IGrantable {
  /** The function that campaigns and journeys invoke. */
  public readonly channelFunction: lambda.Function;

  /** The function that takes offers from the queue to the CDP. */
  public readonly deliveryFunction: lambda.Function;

  /** The function that puts the dead letters of a time range back on the queue. */
  public readonly redriveFunction: lambda.Function;

  /** The offers on their way to the CDP. */
  public readonly queue: sqs.Queue;

  /** What the delivery function crashed on, until 14 days after it was first sent. What can't be delivered is in the dead-letter bucket instead. */
  public readonly deadLetterQueue: sqs.Queue;

  /** The event source mapping between the queue and the delivery function. */
  public readonly eventSourceMapping: lambda.EventSourceMapping;

  /** The bucket that keeps offers that could not be given or told: the construct's own, or the one that was brought. */
  public readonly deadLetterBucket: s3.IBucket;

  /** The principal of the delivery function. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** All alarms of the construct, to add actions to or to put on a dashboard. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly instance: string;

  /**
   * Throws when a prop is out of its bounds or contradicts another.
   */
  constructor(scope: Construct, id: string, props: OfferCustomChannelProps) {
    super(scope, id);
    checkProps(props);

    this.instance = instanceName(this);
    const deadLetters = createDeadLetters(this, props);
    this.deadLetterBucket = deadLetters.bucket;
    const queues = createQueues(this, maxDeliveryAgeOf(props), props);
    this.queue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;

    this.channelFunction = createHandler(this, 'Channel', {
      asset: 'offer-custom-channel',
      description: 'Gives the offer to the users of a campaign or journey step',
      options: { ...props, timeout: props.caller._budget, role: undefined },
    });
    this.deliveryFunction = createHandler(this, 'Delivery', {
      asset: 'offer-delivery', description: 'Tells a CDP which offers were given', options: props,
    });
    this.grantPrincipal = this.deliveryFunction.grantPrincipal;

    this.configure(props, deadLetters);
    this.eventSourceMapping = connectQueue(this, this.deliveryFunction, this.queue);
    this.redriveFunction = createRedrive(this, { instance: this.instance, deadLetters, sink: toQueue(this.queue), options: props });
    this.alarms = this.createAlarms(props, queues);
    this.addOutputs();
  }

  /** Lets the grantee invoke the function that puts dead letters back on the queue. */
  public grantRedrive(grantee: iam.IGrantable): iam.Grant {
    return this.redriveFunction.grantInvoke(grantee);
  }

  /**
   * A metric of this construct by its name, summed up over 5 minutes unless the options say otherwise.
   *
   * The names are `EndpointsReceived`, `OffersAssigned`, `EndpointsRefused`, `InvocationsRefused`, `OffersWithoutRun`,
   * `DataIgnored`, `TimeLeft` of the channel, `MessagesAccepted`, `MessagesDropped`, `AnonymousEvents`, `DeliveryLag`,
   * `RetriedAge`, `PostponementsFailed`, `DeliveriesRefused`, `Requests`, `RequestsFailed`, `RequestsThrottled` of the delivery,
   * and `MessagesDeadLettered` of both.
   */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return instanceMetric(this.instance, metricName, options);
  }

  /** Endpoints that campaigns and journeys sent. */
  public metricEndpointsReceived(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.ENDPOINTS_RECEIVED, options);
  }

  /** Offers that were given: each is on the queue, and the caller knows of it. */
  public metricOffersAssigned(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.OFFERS_ASSIGNED, options);
  }

  /** Endpoints that got no offer: each is in a dead letter of the channel. With `OffersAssigned` they make up `EndpointsReceived`. */
  public metricEndpointsRefused(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.ENDPOINTS_REFUSED, options);
  }

  /** Offers that the CDP took: the metric `MessagesAccepted`. */
  public metricOffersDelivered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.MESSAGES_ACCEPTED, options);
  }

  /** Dead letters: of offers that could not be told, and of endpoints and invocations that got none. The dimension `Reason` tells why. */
  public metricMessagesDeadLettered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.MESSAGES_DEAD_LETTERED, options);
  }

  /** Offers that a function behind `CdpDestination.function()` does not want. The dimension `Reason` tells why. */
  public metricMessagesDropped(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.MESSAGES_DROPPED, options);
  }

  /** Milliseconds that were left of the caller's time when the channel answered or failed; the minimum. The start of the function is not counted. */
  public metricTimeLeft(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.TIME_LEFT, { statistic: cloudwatch.Stats.MINIMUM, ...options });
  }

  /** Milliseconds from an offer's coming on the queue to its outcome, for the oldest of each batch; the maximum. */
  public metricDeliveryLag(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.DELIVERY_LAG, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  /** Milliseconds that offers have been on the queue which are to be tried again, for the oldest of each batch; the maximum. */
  public metricRetriedAge(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(OfferMetric.RETRIED_AGE, { statistic: cloudwatch.Stats.MAXIMUM, ...options });
  }

  private configure(props: OfferCustomChannelProps, deadLetters: DeadLetters): void {
    const { channelFunction, deliveryFunction } = this;
    for (const grantee of [channelFunction, deliveryFunction]) grantPutDeadLetters(deadLetters, grantee);
    grantSend(this.queue, channelFunction);
    const channel: OfferCustomChannelConfig = {
      version: CONTRACT_VERSION,
      instance: this.instance,
      caller: props.caller._bind(this, { handler: channelFunction }),
      rules: {
        offer: offerConfig(props.offer),
        eventName: props.eventName ?? 'Offer Assigned',
        dataFields: props.dataFields ?? [],
        withoutUserId: props.withoutUserId ?? OfferWithoutUserId.ANONYMOUS_ID,
      },
      queueUrl: this.queue.queueUrl,
      deadLetters: deadLetters.config,
    };
    const delivery: OfferDeliveryConfig = {
      ...channel,
      destination: props.destination._bind(this, { grantee: deliveryFunction }),
      maxDeliverySeconds: maxDeliveryAgeOf(props).toSeconds(),
    };
    configureHandler(channelFunction, channel, 'write fewer or shorter `offer.attributes`');
    configureHandler(deliveryFunction, delivery, 'write fewer or shorter `offer.attributes` or `headers`');
  }

  private createAlarms(props: OfferCustomChannelProps, queues: Queues): cloudwatch.Alarm[] {
    const { instance, channelFunction: channel, deliveryFunction: delivery } = this;
    const spec = { ...queues, instance, channel, delivery, budget: props.caller._budget, maxDeliveryAge: maxDeliveryAgeOf(props) };
    return createAlarms(this, offerAlarms(spec), props);
  }

  /** The console asks for the function, the API for either. */
  private addOutputs(): void {
    const { functionName, functionArn } = this.channelFunction;
    new CfnOutput(this, 'ChannelFunctionName', { value: functionName, description: 'The function to choose in the campaign or journey' });
    new CfnOutput(this, 'ChannelFunctionArn', { value: functionArn, description: 'The DeliveryUri of a channel, the function of an action' });
  }
}

function checkProps(props: OfferCustomChannelProps): void {
  checkDeadLetterOptions(props);
  checkOffer(props.offer);
  checkDataFields(props.dataFields ?? []);
  checkText('eventName', props.eventName, /^[^]{1,100}$/, 'must have 1 to 100 characters', "leave it out for 'Offer Assigned'");
  checkDuration('maxDeliveryAge', props.maxDeliveryAge, { min: 60, max: 432_000, remedy: 'leave it out for 3 days' });
  if (props.maxDeliveryAge?.isUnresolved()) refuse('maxDeliveryAge', 'must be known at synthesis', 'a token', 'write it in seconds');
}

function maxDeliveryAgeOf({ maxDeliveryAge }: OfferCustomChannelProps): Duration {
  return maxDeliveryAge ?? Duration.days(3);
}
