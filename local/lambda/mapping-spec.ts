import { FilterPattern } from './esm/filter';

/** A Kinesis event source mapping as the template describes it; numbers are the service's defaults where it says nothing. */
export interface MappingSpec {
  readonly uuid: string;
  readonly path: string;
  readonly streamName: string;
  readonly streamArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
  /** -1: for as long as the stream keeps the record. */
  readonly maximumRetryAttempts: number;
  /** -1: no limit. */
  readonly maximumRecordAgeSeconds: number;
  readonly parallelizationFactor: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Name of the bucket of the on-failure destination. */
  readonly onFailureBucket?: string;
  /** A record is taken when one of them matches; none: every record. */
  readonly filters: readonly FilterPattern[];
}
