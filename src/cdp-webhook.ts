import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CdpWebhookProps } from './cdp-webhook-props';
import { WebhookMetric } from './contract/webhook';
import { createAlarms } from './private/alarms';
import { instanceMetric, instanceName } from './private/metrics';
import { checkWebhook, createWebhookApi, createWebhookHandler, urlOf, webhookAlarms, WebhookSpec } from './private/webhook';

/**
 * An HTTPS endpoint that a CDP sends its messages to, and that puts them on the stream of a CdpEndpointSync.
 *
 * A request is answered with 200 when every message of it is on the stream. Messages of one user have one partition key.
 * `CdpEndpointSync.addWebhook()` makes it.
 */
export class CdpWebhook extends Construct implements iam.IGrantable {
  /**
   * Makes a webhook for a stream.
   * @internal
   */
  public static _create(scope: Construct, id: string, props: CdpWebhookProps, spec: WebhookSpec): CdpWebhook {
    return new CdpWebhook(scope, id, props, spec);
  }

  /** The API, for a domain name of your own or a resource policy. */
  public readonly api: apigateway.RestApi;

  /** The function that verifies requests and writes to the stream. */
  public readonly handler: lambda.Function;

  /** The address that the CDP is to be told; with `WebhookVerification.writeKey()` that of the API, to which SDKs add `/v1/batch`. */
  public readonly url: string;

  /** All alarms of the webhook. */
  public readonly alarms: cloudwatch.Alarm[];

  /** The handler's principal. */
  public readonly grantPrincipal: iam.IPrincipal;

  private readonly instance: string;

  private constructor(scope: Construct, id: string, props: CdpWebhookProps, spec: WebhookSpec) {
    super(scope, id);
    checkWebhook(props);
    this.instance = instanceName(this);
    this.handler = createWebhookHandler(this, this.instance, props, spec);
    this.grantPrincipal = this.handler.grantPrincipal;
    this.api = createWebhookApi(this, this.handler, props, spec);
    this.url = urlOf(this.api, props);
    this.alarms = createAlarms(this, webhookAlarms(this.api, this.handler), spec.options);
  }

  /** A metric of this webhook. */
  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return instanceMetric(this.instance, metricName, options);
  }

  /** Requests whose messages are all on the stream. */
  public metricRequestsAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(WebhookMetric.REQUESTS_ACCEPTED, options);
  }

  /** Requests that were refused for what they hold or lack. The dimension `Reason` tells why. */
  public metricRequestsRefused(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(WebhookMetric.REQUESTS_REFUSED, options);
  }

  /** Requests that were answered with 503, for the CDP to send again. The dimension `Reason` tells why. */
  public metricRequestsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(WebhookMetric.REQUESTS_FAILED, options);
  }

  /** Messages that came with accepted requests. */
  public metricMessagesAccepted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(WebhookMetric.MESSAGES_ACCEPTED, options);
  }
}
