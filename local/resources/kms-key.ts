import { arn } from '../environment';
import { ResourceHandler } from './handler';

/** Accepted; nothing is encrypted in a run, so a missing key permission does not show. */
export const kmsKey: ResourceHandler = {
  type: 'AWS::KMS::Key',
  properties: [],
  ignored: [
    'BypassPolicyLockoutSafetyCheck', 'Description', 'EnableKeyRotation', 'Enabled', 'KeyPolicy', 'KeySpec', 'KeyUsage', 'MultiRegion', 'Origin',
    'PendingWindowInDays', 'RotationPeriodInDays', 'Tags',
  ],
  create: ({ name }) => ({ ref: name, attributes: { Arn: arn('kms', `key/${name}`), KeyId: name } }),
};
