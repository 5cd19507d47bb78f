import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CdpFormatConfig, NamedFormatKind } from './contract/cdp-format';
import { checkInteger, refuse } from './private/validate';

/**
 * What a construct tells a format.
 * @internal
 */
export interface CdpFormatBindOptions {
  /** Who reads the messages at run time. */
  readonly grantee: iam.IGrantable;
}

/** What is inside the envelopes of `CdpFormat.cloudEvents()`. */
export interface CloudEventsFormatOptions {
  /**
   * The vocabulary of `data`: any but `CdpFormat.cloudEvents()` and `CdpFormat.function()`.
   *
   * @default CdpFormat.auto()
   */
  readonly format?: CdpFormat;
}

/** How a function that translates messages is invoked. */
export interface FunctionFormatOptions {
  /**
   * Most messages in one invocation, from 1 to 1,000. The handler sends fewer where they would exceed the 6 MB of a payload.
   *
   * @default 100
   */
  readonly maxBatchSize?: number;
}

const MAX_BATCH = { min: 1, max: 1000, remedy: 'leave it out for 100' };
const DEFAULT_BATCH = 100;

/** The vocabulary that the messages of a Customer Data Platform (CDP) are written in. */
export abstract class CdpFormat {
  /**
   * The Segment spec: `identify`, `track`, `page`, `screen`, `group`, `alias` and `delete` messages.
   *
   * @see https://segment.com/docs/connections/spec/
   */
  public static segment(): CdpFormat {
    return new NamedFormat('segment');
  }

  /**
   * RudderStack's event spec: the messages of the Segment spec but `delete`, with traits in `context.traits` or in `traits`.
   * An `alias` and a `merge`, which make two users one, become dead letters.
   *
   * @see https://www.rudderstack.com/docs/event-spec/standard-events/
   */
  public static rudderStack(): CdpFormat {
    return new NamedFormat('rudderstack');
  }

  /**
   * Batches of mParticle, as its Events API takes them or as its webhooks and its Kinesis output write them: one user with
   * attributes, identities, consent and events.
   *
   * The user is the identity `customer_id`, or else the `mpid`, which counts as anonymous.
   *
   * @see https://docs.mparticle.com/developers/apis/json-reference/
   */
  public static mParticle(): CdpFormat {
    return new NamedFormat('mparticle');
  }

  /**
   * Tealium's flat events, one by one or as `{ shared, events }`.
   *
   * The user is `user_id`, `customer_id` or the `tealium_visitor_id` of a known visitor; any other visitor counts as anonymous.
   *
   * @see https://docs.tealium.com/api/v3/http-api/about/
   */
  public static tealium(): CdpFormat {
    return new NamedFormat('tealium');
  }

  /**
   * CloudEvents 1.0 in JSON, one by one or as a batch, around messages of another vocabulary in `data` or `data_base64`.
   *
   * @see https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md
   */
  public static cloudEvents(options: CloudEventsFormatOptions = {}): CdpFormat {
    return new CloudEventsFormat(options.format ?? CdpFormat.auto());
  }

  /**
   * Any of the others but a function, recognized by the shape of each message: CloudEvents, mParticle, Tealium, Amazon Pinpoint,
   * and last the Segment spec and RudderStack's, which mean the same where both have a message. What has none of these shapes
   * becomes a dead letter.
   *
   * Prefer the format by its name where the CDP is known: it refuses what the CDP can't have meant.
   */
  public static auto(): CdpFormat {
    return new NamedFormat('auto');
  }

  /**
   * A function of your own, which is invoked with a `CdpTransformRequest`, and answers with a `CdpTransformResponse` in the Segment spec.
   *
   * When it throws, or is throttled, its messages are delivered again in order. It is invoked at least once for a message.
   * A function of another account must let the handler's role invoke it.
   */
  public static function(handler: lambda.IFunction, options: FunctionFormatOptions = {}): CdpFormat {
    return new FunctionFormat(handler, options);
  }

  /**
   * Amazon Pinpoint's own shapes, for a CDP that already speaks them: an `EndpointBatchItem`, or an item of an `EventsBatch`.
   *
   * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-events.html
   */
  public static pinpoint(): CdpFormat {
    return new NamedFormat('pinpoint');
  }

  /**
   * Grants what reading the messages takes, and returns the format's part of the handler's configuration.
   * @internal
   */
  public abstract _bind(scope: Construct, options: CdpFormatBindOptions): CdpFormatConfig;
}

/** A format that its name says everything of. */
class NamedFormat extends CdpFormat {
  public constructor(private readonly kind: NamedFormatKind) {
    super();
  }

  /** @internal */
  public _bind(_scope: Construct, _options: CdpFormatBindOptions): CdpFormatConfig {
    return { kind: this.kind };
  }
}

class CloudEventsFormat extends CdpFormat {
  public constructor(private readonly inner: CdpFormat) {
    super();
  }

  /** @internal */
  public _bind(scope: Construct, options: CdpFormatBindOptions): CdpFormatConfig {
    const inner = this.inner._bind(scope, options);
    if (inner.kind === 'cloudevents') refuse('format', 'must not be CloudEvents again', inner.kind, 'state the vocabulary of `data`');
    if (inner.kind === 'function') {
      refuse('format', 'must not be a function', inner.kind, 'bring the function as the format itself: it gets the envelopes');
    }
    return { kind: 'cloudevents', inner };
  }
}

class FunctionFormat extends CdpFormat {
  public constructor(private readonly handler: lambda.IFunction, private readonly options: FunctionFormatOptions) {
    super();
    checkInteger('maxBatchSize', options.maxBatchSize, MAX_BATCH);
  }

  /** @internal */
  public _bind(_scope: Construct, { grantee }: CdpFormatBindOptions): CdpFormatConfig {
    const { functionArn } = this.handler;
    iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [functionArn] });
    return { kind: 'function', functionArn, maxBatchSize: this.options.maxBatchSize ?? DEFAULT_BATCH };
  }
}
