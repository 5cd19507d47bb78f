import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { OfferCallerConfig } from './contract/offer-caller';
import { checkApplicationId, pinpointArn, warnOfEndOfSupport } from './private/pinpoint';

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
