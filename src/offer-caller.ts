import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { OfferCallerConfig } from './contract/offer-caller';
import { allowJourneys, checkInstanceArn, registerFunction } from './private/connect-journey';
import { checkApplicationId, pinpointArn, warnOfEndOfSupport } from './private/pinpoint';
import { checkText } from './private/validate';

/** What of an application may invoke the channel. */
export enum PinpointCallers {
  /** Its campaigns and its journeys. */
  ALL = '/*',
  /** Its campaigns only. */
  CAMPAIGNS = '/campaigns/*',
  /** Its journeys only. */
  JOURNEYS = '/journeys/*',
}

/** The Amazon Pinpoint application whose campaigns and journeys give the offer. */
export interface PinpointOfferCallerProps {
  /** Id of the application, in the account and Region of the stack. */
  readonly applicationId: string;

  /**
   * What of the application may invoke the channel.
   *
   * @default PinpointCallers.ALL
   */
  readonly callers?: PinpointCallers;
}

/** The Amazon Connect instance whose journeys give the offer. */
export interface ConnectJourneyOfferCallerProps {
  /** ARN of the instance, in the account and Region of the stack. */
  readonly instanceArn: string;

  /**
   * The attribute of a profile that names the user: 1 to 255 characters. A profile that does not have it is known by its account
   * number.
   *
   * @default 'cdpUserId'
   */
  readonly userIdAttribute?: string;

  /**
   * Whether the deployment makes the function one that can be chosen in a custom action, by a custom resource that calls
   * `PutConnectInstanceIntegration`. Not tried against Amazon Connect: that the call needs no more permissions than the
   * documentation and samples of AWS name is not confirmed.
   *
   * @default false - add it by hand: `aws connectcampaignsv2 put-connect-instance-integration`, with the output
   * `ChannelFunctionArn` as the integration's Lambda function
   */
  readonly register?: boolean;
}

/**
 * What a construct tells a caller.
 * @internal
 */
export interface OfferCallerBindOptions {
  /** The function that it invokes. */
  readonly handler: lambda.Function;
}

/** Who decides that a user is given the offer, and waits for the answer. */
export abstract class OfferCaller {
  /**
   * A custom channel of an Amazon Pinpoint application: campaigns and journeys invoke the function with up to 50 endpoints
   * at a time and wait for 15 seconds.
   *
   * AWS ended support for the engagement features of Amazon Pinpoint on October 30, 2026. Synthesis warns of it under
   * the id `cdk-cdp-engagement:pinpointEndOfSupport`, which can be acknowledged.
   *
   * What journeys send is not documented. It is read as samples of AWS do: as of campaigns, with `JourneyId` for `CampaignId`.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/channels-custom.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html
   */
  public static pinpoint(props: PinpointOfferCallerProps): OfferCaller {
    return new PinpointOfferCaller(props);
  }

  /**
   * The custom action of a journey of Amazon Connect, which invokes the function with some profiles and waits for 30 seconds. Each
   * profile has an answer: `$.LambdaInvocation.ResultData.offer_id`, `offer_name`, `offer_discount`, `offer_valid_until` and
   * `offer_assignment_id`, or `errorCode` where it got no offer. Guided campaigns have no custom action.
   *
   * A profile that names no user is what `withoutUserId` says: its profile id is the anonymous id, or it is a dead letter. The
   * action has no field for marketers, so that `dataFields` do nothing.
   *
   * How many profiles one invocation has is not documented, and neither is `accountNumber` in what it says of them.
   *
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/lambda-invoke-functions.html
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/journey-flow-block-custom-action.html
   */
  public static connectJourney(props: ConnectJourneyOfferCallerProps): OfferCaller {
    return new ConnectJourneyOfferCaller(props);
  }

  /**
   * How long the caller waits for an answer.
   * @internal
   */
  public abstract readonly _budget: Duration;

  /**
   * Lets the caller invoke the function, and returns its part of the function's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: OfferCallerBindOptions): OfferCallerConfig;
}

class PinpointOfferCaller extends OfferCaller {
  /**
   * @internal
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
   */
  public readonly _budget = Duration.seconds(15);

  public constructor(private readonly props: PinpointOfferCallerProps) {
    super();
    checkApplicationId(props.applicationId);
  }

  /** @internal */
  public _bind(scope: Construct, { handler }: OfferCallerBindOptions): OfferCallerConfig {
    const { applicationId, callers = PinpointCallers.ALL } = this.props;
    const { account, region } = Stack.of(scope);
    warnOfEndOfSupport(scope);
    handler.addPermission('Caller', {
      // Of the Region: the global principal makes the publishing of journeys fail.
      principal: new iam.ServicePrincipal(`pinpoint.${region}.amazonaws.com`),
      sourceAccount: account,
      sourceArn: pinpointArn(scope, applicationId, callers),
    });
    return { kind: 'pinpoint', applicationId, budgetSeconds: this._budget.toSeconds() };
  }
}

class ConnectJourneyOfferCaller extends OfferCaller {
  /**
   * @internal
   * @see https://docs.aws.amazon.com/connect/latest/adminguide/lambda-invoke-functions.html
   */
  public readonly _budget = Duration.seconds(30);

  public constructor(private readonly props: ConnectJourneyOfferCallerProps) {
    super();
    checkInstanceArn(props.instanceArn);
    checkText('userIdAttribute', props.userIdAttribute, /^[^]{1,255}$/, 'must have 1 to 255 characters', "leave it out for 'cdpUserId'");
  }

  /** @internal */
  public _bind(scope: Construct, { handler }: OfferCallerBindOptions): OfferCallerConfig {
    const { instanceArn, userIdAttribute = 'cdpUserId', register = false } = this.props;
    allowJourneys(scope, handler, instanceArn);
    if (register) registerFunction(scope, handler, instanceArn);
    return { kind: 'connect-journey', instanceArn, userIdAttribute, budgetSeconds: this._budget.toSeconds() };
  }
}
