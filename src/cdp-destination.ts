import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  FunctionDestinationOptions, HttpDestinationProps, MParticleDestinationProps, RudderStackDestinationProps, SegmentDestinationProps,
  TealiumDestinationProps,
} from './cdp-destination-props';
import { CdpDestinationConfig } from './contract/cdp-destination';
import {
  BindDestination, eventBusDestination, functionDestination, httpDestination, mParticleDestination, rudderStackDestination,
  segmentDestination, streamDestination, tealiumDestination,
} from './private/destinations';

/**
 * What a construct tells a destination.
 * @internal
 */
export interface CdpDestinationBindOptions {
  /** Who sends the events at run time. */
  readonly grantee: iam.IGrantable;
  /** The stream that the construct itself reads, if it reads one. */
  readonly readsStream?: kinesis.IStream;
}

/**
 * How events reach the Customer Data Platform (CDP), and in which vocabulary.
 *
 * Keys and tokens are secrets of AWS Secrets Manager. The handler reads them at run time; only their ARNs are in its
 * configuration. A new value is picked up without a deployment.
 */
export abstract class CdpDestination {
  /**
   * Segment's tracking API.
   *
   * @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
   */
  public static segment(props: SegmentDestinationProps): CdpDestination {
    return new BoundDestination(segmentDestination(props));
  }

  /**
   * The HTTP API of a RudderStack data plane.
   *
   * @see https://www.rudderstack.com/docs/api/http-api/
   */
  public static rudderStack(props: RudderStackDestinationProps): CdpDestination {
    return new BoundDestination(rudderStackDestination(props));
  }

  /**
   * The Events API of mParticle.
   *
   * @see https://docs.mparticle.com/developers/apis/http/
   */
  public static mParticle(props: MParticleDestinationProps): CdpDestination {
    return new BoundDestination(mParticleDestination(props));
  }

  /**
   * The Tealium Collect HTTP API: the authenticated one with a `token`, the public one without.
   *
   * @see https://docs.tealium.com/api/v3/http-api/about/
   */
  public static tealium(props: TealiumDestinationProps): CdpDestination {
    return new BoundDestination(tealiumDestination(props));
  }

  /**
   * Any webhook. Each request is a `POST` of a JSON array of events as `EngagementEvent` describes them, or of one event
   * where `maxBatchSize` is 1. An answer from 200 to 299 takes all of them.
   */
  public static http(props: HttpDestinationProps): CdpDestination {
    return new BoundDestination(httpDestination(props));
  }

  /**
   * An event bus of Amazon EventBridge. The detail is an `EngagementEvent`, the detail type is its type, such as
   * `EMAIL_HARD_BOUNCE`, and the source is `cdk-cdp-engagement`. A bus keeps no order.
   */
  public static eventBus(eventBus: events.IEventBus): CdpDestination {
    return new BoundDestination(eventBusDestination(eventBus));
  }

  /**
   * A Kinesis stream that the CDP reads. Each record is an `EngagementEvent` as JSON; its partition key is the user.
   *
   * A busy stream may take some records of a request and not others, which are sent again and then lie behind what came
   * after them. Whoever needs the order of one user's events goes by `at`.
   *
   * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
   */
  public static stream(stream: kinesis.IStream): CdpDestination {
    return new BoundDestination(streamDestination(stream));
  }

  /**
   * A function of your own. It is invoked with a `CdpFunctionRequest`, and answers with a `CdpFunctionResponse`.
   *
   * A function of another account must let the handler's role invoke it.
   */
  public static function(handler: lambda.IFunction, options: FunctionDestinationOptions = {}): CdpDestination {
    return new BoundDestination(functionDestination(handler, options));
  }

  /**
   * Grants what the handler will call, and returns the destination's part of the handler's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: CdpDestinationBindOptions): CdpDestinationConfig;
}

class BoundDestination extends CdpDestination {
  public constructor(private readonly bind: BindDestination) {
    super();
  }

  /** @internal */
  public _bind(scope: Construct, options: CdpDestinationBindOptions): CdpDestinationConfig {
    return this.bind(scope, options);
  }
}
