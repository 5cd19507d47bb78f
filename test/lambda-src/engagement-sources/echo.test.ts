import { eventOf } from '../../../lambda-src/endpoint-targets/pinpoint/event';
import { applicationRecord } from '../../../local/services/pinpoint/engagement-records';
import { ARRIVED, source } from '../support/engagement';

const APPLICATION = '810c7aab86d42fb2b56c8c966example';
const TRACKED = { kind: 'event' as const, userId: 'u', endpoints: [], at: '2026-11-23T10:00:00.000Z', id: 'e', type: 'Order Completed', attributes: {}, metrics: {} };

const comesBack = (native?: Record<string, unknown>) => {
  const record = applicationRecord(APPLICATION, 'u:EMAIL', eventOf({ ...TRACKED, native }, () => undefined));
  return source().read(JSON.parse(JSON.stringify(record)), ARRIVED);
};

test('an event that the CDP sent is known when it comes back on the event stream', () => {
  expect(comesBack()).toBe('OwnEvent');
});

test('one that names an SDK of its own keeps it, and is handed on', () => {
  expect(comesBack({ SdkName: 'aws-sdk-mobile-analytics-js' })).toMatchObject({ type: 'CUSTOM', sourceType: 'Order Completed' });
});
