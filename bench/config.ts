import type { CdpEndpointSyncConfig } from '../src/contract/cdp-endpoint-sync';
import type { PinpointEndpointTargetConfig } from '../src/contract/endpoint-target';

const UNPACED = { updateEndpointsBatch: 1e6, putEvents: 1e6, userEndpoints: 1e6 };

/** What the example's construct hands its handler, with the parts that a measurement varies. */
export function configOf(target: Partial<PinpointEndpointTargetConfig> = {}): CdpEndpointSyncConfig {
  return {
    version: 1, instance: 'Bench/Sync', format: { kind: 'segment' },
    mapping: {
      rules: [
        { to: 'endpointAttribute', trait: 'newsletter', name: 'EmailPreference_Newsletter', channels: ['EMAIL'],
          values: { true: 'Subscribed', false: 'Unsubscribed' } },
        { to: 'optOut', trait: 'unsubscribed', values: { true: 'ALL', false: 'NONE' } },
        { to: 'metric', trait: 'logins', name: 'Logins' },
      ],
      unmapped: 'userAttributes', endpointId: '{userId}:{channel}', eventChannels: ['EMAIL', 'SMS'],
    },
    target: {
      kind: 'pinpoint', applicationId: 'bench', endpointWrites: 'batch', lookUpEndpoints: false, requestsPerSecond: UNPACED, ...target,
    },
    deadLetters: { bucketName: 'bench', prefix: 'dead-letters' },
  };
}
