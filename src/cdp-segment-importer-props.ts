import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { HandlerOptions } from './handler-options';
import { SegmentTarget } from './segment-target';
import { ChannelType } from './trait-mapping';

/**
 * What a CdpSegmentImporter reads, and where the segments are.
 *
 * `memorySize`, `timeout` and `role` are those of the function that prepares lists. Its `timeout` is 15 minutes by default.
 * An `encryptionKey` encrypts the state machine and its history as well; the policy of an imported key must let
 * `delivery.logs.amazonaws.com` decrypt with it, and `events.amazonaws.com` decrypt and generate data keys.
 */
export interface CdpSegmentImporterProps extends HandlerOptions {
  /** The service in which lists become segments. */
  readonly target: SegmentTarget;

  /**
   * The bucket that lists are dropped in. Its owner must have switched Amazon EventBridge on for it; nothing else is asked of
   * it, and its other notifications stay as they are.
   *
   * @default - a new bucket: encrypted, TLS only, closed to the public; lists expire after 90 days
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
   */
  readonly bucket?: s3.IBucket;

  /**
   * Key prefix of the lists, without a slash at its end: names of letters, digits and `-_.`, joined by slashes. It must belong to
   * this construct alone, and must not begin with `cdp-segment-importer`.
   *
   * @default 'segments'
   */
  readonly prefix?: string;

  /**
   * The bucket for all that the construct writes: prepared files, rejected rows, reports and state, below
   * `cdp-segment-importer/`. A lifecycle of it is yours to set.
   *
   * @default - the construct's own bucket of lists; for a `bucket` that you bring, a new bucket of its own
   */
  readonly workBucket?: s3.IBucket;

  /**
   * Name of the file that completes an export of many files, such as `_SUCCESS` or `manifest.json`.
   *
   * With it, nothing in a folder is read before this file lands in the same folder; then all files of the folder are one list. Its
   * content does not matter, and it is no part of the list. Files and folders whose names begin with `_` or `.` are never read
   * as lists. A file directly below the prefix is a list by itself either way.
   *
   * @default - each file is a list by itself, imported at once
   */
  readonly exportMarker?: string;

  /**
   * Columns of the target by the CDP's own header names, such as `{ email: 'Address', plan: 'User.UserAttributes.plan' }`.
   * A header that is not listed must be one of the target's own. CSV only.
   *
   * @default - the header names the columns of the target
   * @see https://docs.aws.amazon.com/pinpoint/latest/userguide/segments-importing.html
   */
  readonly columns?: { [header: string]: string };

  /**
   * Headers of the CDP that are left out. Any other header that is not known ends the import. CSV only.
   *
   * @default - none
   */
  readonly ignoredColumns?: string[];

  /**
   * Channel of rows that name none.
   *
   * @default - a row that names no channel is rejected, unless it has an `Id`
   */
  readonly defaultChannel?: ChannelType;

  /**
   * Country of telephone numbers that are written without one: an ISO 3166-1 alpha-2 code such as `DE`.
   *
   * @default - a number without its country is rejected
   */
  readonly defaultCountry?: string;

  /**
   * Template of the id of rows that have none, as in `CdpEndpointSync`: give both the same, and they speak of the same
   * endpoints.
   *
   * @default '{userId}:{channel}'
   */
  readonly endpointId?: string;

  /**
   * Rejected rows up to which a list is imported without them; one more ends the import. A whole number from 0.
   *
   * A list of which no row is left is never imported.
   *
   * @default 1000
   */
  readonly maxRejectedRows?: number;

  /**
   * Import jobs of this construct that may run at once, from 1 to 10. Others wait, for up to 24 hours, and so does one that
   * the service has no room for.
   *
   * For Amazon Pinpoint, the limit belongs to the account in its Region, and AWS documents both 2 and 10. For Customer Profiles, each has
   * its part of `requestsPerSecond`.
   *
   * @default 2
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
   * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/audience-define-import.html
   */
  readonly maxConcurrentJobs?: number;

  /**
   * How long a job may take before its import counts as failed: whole seconds, from 5 minutes to 24 hours.
   *
   * @default Duration.hours(2)
   */
  readonly jobTimeout?: Duration;

  /**
   * The event bus that is told how imports end.
   *
   * @default - the default event bus of the account
   */
  readonly eventBus?: events.IEventBus;
}
