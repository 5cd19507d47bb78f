import { CDP_FAULT } from './cdp/server';
import { OUTCOME_NAMES } from './faults';
import { PROFILES_OPERATIONS } from './services/customer-profiles/customer-profiles';
import { KINESIS_OPERATIONS } from './services/kinesis';
import { PINPOINT_OPERATIONS } from './services/pinpoint/pinpoint';
import { S3_OPERATIONS } from './services/s3-routes';
import { SQS_OPERATIONS } from './services/sqs';

/** Everything that `--faults` can name: a misspelt fault would never come up. `PutEvents` is an operation of EventBridge too. */
export const FAULT_NAMES: readonly string[] = [
  CDP_FAULT, ...OUTCOME_NAMES, ...PINPOINT_OPERATIONS, ...PROFILES_OPERATIONS, ...KINESIS_OPERATIONS, ...S3_OPERATIONS, ...SQS_OPERATIONS,
  'Invoke', 'GetSecretValue', 'PutSecretValue',
];
