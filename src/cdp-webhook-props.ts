import { Duration, Size } from 'aws-cdk-lib';
import { WebhookVerification } from './webhook-verification';

/** A webhook of a CdpEndpointSync. */
export interface CdpWebhookProps {
  /** How a request is known to come from the CDP. */
  readonly verification: WebhookVerification;

  /**
   * Path of the member of a message that names its user, such as `user.id`. A message without that member goes by the format.
   *
   * State it with `CdpFormat.function()`, whose vocabulary only your function knows: the messages of one user stay in order
   * only if the webhook can tell who the user is.
   *
   * @default - as the format says; for `CdpFormat.function()` as `CdpFormat.auto()` would
   */
  readonly userIdField?: string;

  /**
   * Largest body, as it comes and when it is decompressed: from 1 KiB to 4 MiB. A larger one is refused with 413.
   *
   * A body reaches the function in base64, in an invocation of at most 6 MB.
   *
   * @default Size.mebibytes(4)
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  readonly maxBodySize?: Size;

  /**
   * How long the webhook tries to put messages on the stream before it answers 503, so that the CDP sends them again later:
   * whole seconds, from 1 to 25. Choose it shorter than the CDP waits: Segment waits 5 seconds, Tealium 1 to 10.
   *
   * @default Duration.seconds(4)
   */
  readonly responseTimeout?: Duration;

  /**
   * Requests per second over longer times, from 1 to 10,000. More are answered with 429.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests at once, from 1 to 5,000. More are answered with 429.
   *
   * @default 200
   */
  readonly throttlingBurstLimit?: number;

  /**
   * ARN of a web ACL of AWS WAF (regional) to put before the webhook.
   *
   * @default - none; `api.deploymentStage.stageArn` can be associated with one
   */
  readonly webAclArn?: string;

  /**
   * Whether access logs are written: status and times of each request, neither its body nor who sent it.
   *
   * Amazon API Gateway writes them by a role that belongs to account and Region, and that the construct leaves alone. Without it
   * the deployment of the stage fails, hence a warning that can be acknowledged.
   *
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly accessLogs?: boolean;
}
