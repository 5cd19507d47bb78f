import type { SesEngagementSourceConfig } from '../../../src/contract/engagement-source';
import type { EngagementSourceAdapter } from '../index';
import { readEvent } from './read';

/** Amazon SES by way of EventBridge: one event a record, within EventBridge's envelope. */
export function createSesSource({ userIdTag }: SesEngagementSourceConfig): EngagementSourceAdapter {
  return { read: (body, arrival, wanted) => readEvent(body, arrival, wanted, userIdTag) };
}
