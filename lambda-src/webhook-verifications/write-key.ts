import { credentialsOf, forged, isOneOf, missing } from './compare';
import type { Verification } from './index';
import type { WriteKeyConfig } from '../../src/contract/webhook';

/** HTTP Basic: the write key is the user name, and the password is empty with every SDK. */
export function writeKey(_config: WriteKeyConfig): Verification {
  return {
    verify: (request, secrets) => {
      const credentials = credentialsOf(request, 'authorization', 'Basic');
      if (credentials === undefined) return missing('authorization with Basic');
      const [key = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(/:(.*)/s);
      return isOneOf(secrets, key) ? undefined : forged('write key');
    },
  };
}
