import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EndpointTargetConfig } from './contract/endpoint-target';
import { checkApplicationId, pinpointArn, shareOut, warnOfEndOfSupport, warnOfSharedQuotas } from './private/pinpoint';

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
   * preferences that come without an address reach the endpoints that the user already has.
   *
   * @default true
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/journeys-troubleshooting.html
   */
  readonly lookUpEndpoints?: boolean;
}

/**
 * What a construct tells an endpoint target.
 * @internal
 */
export interface EndpointTargetBindOptions {
  /** Who calls the service at run time. */
  readonly grantee: iam.IGrantable;
  /** Invocations that may run at once (shards × parallelization factor): the quotas are shared out over them. */
  readonly concurrency: number;
}

/** The service that keeps a user's endpoints (addresses, preferences, opt-outs) and takes the user's events. */
export abstract class EndpointTarget {
  /**
   * An Amazon Pinpoint application.
   *
   * AWS ended support for the engagement features of Amazon Pinpoint on October 30, 2026. Synthesis warns of it under
   * the id `cdk-cdp-engagement:pinpointEndOfSupport`, which can be acknowledged.
   *
   * The published quotas (2 `UpdateEndpointsBatch`, 15 `PutEvents` and 300 other requests per second) belong to the
   * account in its Region, and the construct takes all of each for itself. Two constructs are throttled together; a second
   * one in the same place is warned of under the id `cdk-cdp-engagement:pinpointQuotasTakenTwice`.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
   */
  public static pinpoint(props: PinpointEndpointTargetProps): EndpointTarget {
    return new PinpointEndpointTarget(props);
  }

  /**
   * Grants what the handler will call, and returns the target's part of the handler's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: EndpointTargetBindOptions): EndpointTargetConfig;
}

class PinpointEndpointTarget extends EndpointTarget {
  private readonly writesInBatches: boolean;
  private readonly lookUpEndpoints: boolean;

  public constructor(private readonly props: PinpointEndpointTargetProps) {
    super();
    checkApplicationId(props.applicationId);
    this.writesInBatches = (props.endpointWrites ?? PinpointEndpointWrites.BATCH) === PinpointEndpointWrites.BATCH;
    this.lookUpEndpoints = props.lookUpEndpoints ?? true;
  }

  /** @internal */
  public _bind(scope: Construct, { grantee, concurrency }: EndpointTargetBindOptions): EndpointTargetConfig {
    warnOfEndOfSupport(scope);
    warnOfSharedQuotas(scope);
    this.grant(scope, grantee);
    return {
      kind: 'pinpoint',
      applicationId: this.props.applicationId,
      endpointWrites: this.writesInBatches ? 'batch' : 'events',
      lookUpEndpoints: this.lookUpEndpoints,
      requestsPerSecond: shareOut(concurrency),
    };
  }

  private grant(scope: Construct, grantee: iam.IGrantable): void {
    const allow = (actions: string[], path: string = '') =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [pinpointArn(scope, this.props.applicationId, path)] });
    if (this.writesInBatches) allow(['mobiletargeting:UpdateEndpointsBatch']);
    allow(['mobiletargeting:PutEvents'], '/events');
    allow(['mobiletargeting:DeleteUserEndpoints', ...this.lookUpEndpoints ? ['mobiletargeting:GetUserEndpoints'] : []], '/users/*');
  }
}
