import { credentialsOf, forged, isOneOf, missing } from './compare';
import type { Verification } from './index';
import type { HeaderConfig } from '../../src/contract/webhook';

/** A header whose value is the secret. */
export function header({ header: name, scheme }: HeaderConfig): Verification {
  return {
    verify: (request, secrets) => {
      const given = scheme === undefined ? request.headers[name] : credentialsOf(request, name, scheme);
      if (!given) return missing(scheme === undefined ? name : `${name} with ${scheme}`);
      return isOneOf(secrets, given) ? undefined : forged(name);
    },
  };
}
