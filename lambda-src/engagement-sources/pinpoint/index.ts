import type { PinpointEngagementSourceConfig } from '../../../src/contract/engagement-source';
import { endpointIds } from '../../mapping/endpoint-id';
import type { EngagementSourceAdapter } from '../index';
import { endpointUsers, GetEndpoint, pinpointGetEndpoint } from './endpoint-users';
import { readEvent } from './read';

/** Amazon Pinpoint's event stream: one JSON object a record. */
export function createPinpointSource(config: PinpointEngagementSourceConfig, getEndpoint?: GetEndpoint): EngagementSourceAdapter {
  const userOf = config.endpointId === undefined ? () => undefined : endpointIds(config.endpointId).userOf;
  const options = { applicationId: config.applicationId, userOf };
  const source: EngagementSourceAdapter = { read: (body, arrival, wanted, text) => readEvent(body, arrival, options, wanted, text) };
  if (!config.lookUpEndpoints) return source;
  const users = endpointUsers(getEndpoint ?? pinpointGetEndpoint(config.applicationId, config.getEndpointPerSecond));
  return { ...source, complete: (events, complete) => users.complete(events, complete) };
}
