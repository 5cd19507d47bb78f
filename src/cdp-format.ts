import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CdpFormatConfig } from './contract/cdp-format';

/**
 * What a construct tells a format.
 * @internal
 */
export interface CdpFormatBindOptions {
  /** Who reads the messages at run time. */
  readonly grantee: iam.IGrantable;
}

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
  public constructor(private readonly kind: CdpFormatConfig['kind']) {
    super();
  }

  /** @internal */
  public _bind(_scope: Construct, _options: CdpFormatBindOptions): CdpFormatConfig {
    return { kind: this.kind };
  }
}
