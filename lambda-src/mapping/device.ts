import { EndpointSet } from './endpoint-set';
import { isObject, scalar } from './values';
import type { Channel, DemographicField } from '../../src/contract/trait-mapping';

/** Push channel by the spec's `context.device.type`. */
export const CHANNEL_BY_TYPE: Readonly<Record<string, Channel>> = {
  'ios': 'APNS', 'ipados': 'APNS', 'iphone os': 'APNS', 'android': 'GCM', 'fireos': 'ADM', 'amazon': 'ADM', 'baidu': 'BAIDU',
};

/**
 * The spec's device: its push token becomes an endpoint. One user may have several devices, so the device id tells the endpoints
 * apart and a new token updates the endpoint of its device.
 */
export function addDevice(endpoints: EndpointSet, context: Readonly<Record<string, unknown>>, cut: (reason: string) => void): void {
  const device = context.device;
  const token = isObject(device) ? scalar(device.token) : undefined;
  if (!isObject(device) || token === undefined) return;
  const type = (scalar(device.type) ?? '').toLowerCase();
  if (!Object.hasOwn(CHANNEL_BY_TYPE, type)) return cut('UnknownDeviceType');
  const draft = endpoints.get(CHANNEL_BY_TYPE[type], scalar(device.id));
  draft.address = token;
  const os = isObject(context.os) ? context.os : {};
  const app = isObject(context.app) ? context.app : {};
  const fields: [DemographicField, unknown][] = [
    ['Make', device.manufacturer], ['Model', device.model], ['Platform', os.name ?? device.type],
    ['PlatformVersion', os.version], ['AppVersion', app.version],
  ];
  for (const [field, value] of fields) {
    const content = scalar(value);
    if (content !== undefined) (draft.demographic ??= {})[field] = content;
  }
}
