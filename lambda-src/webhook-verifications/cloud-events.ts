import { credentialsOf, forged, isOneOf, missing } from './compare';
import type { Verification } from './index';
import type { CloudEventsConfig } from '../../src/contract/webhook';

/**
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#3-authorization
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection
 */
export function cloudEvents({ allowedOrigins, requestsPerMinute }: CloudEventsConfig): Verification {
  return {
    verify: (request, secrets) => {
      const token = credentialsOf(request, 'authorization', 'Bearer') ?? request.query.access_token;
      if (!token) return missing('authorization with Bearer');
      return isOneOf(secrets, token) ? undefined : forged('token');
    },
    // Who may not send gets an answer without the header that would allow it, as the specification has it.
    handshake: ({ headers }) => {
      const origin = headers['webhook-request-origin'];
      const isAllowed = origin !== undefined && origin !== '' && (allowedOrigins?.includes(origin) ?? true);
      return { allow: 'POST, OPTIONS', ...isAllowed && { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': String(requestsPerMinute) } };
    },
  };
}
