import * as fc from 'fast-check';
import { endpointIds } from '../../../lambda-src/mapping/endpoint-id';
import { CHANNELS } from '../../../src/contract/trait-mapping';

const TEMPLATES = ['{userId}:{channel}', '{channel}:{userId}', 'cdp-{userId}.{channel}', '{channel}/{userId}@2', 'Pre+{channel}-x-{userId}/post'];

test.each([
  ['ann', 'EMAIL', undefined, 'ann:EMAIL'],
  ['Ann', 'EMAIL', undefined, '~41nn:EMAIL'],
  ['ann@example.com', 'SMS', '2', 'ann@example.com:SMS:2'],
  ['a:b', 'SMS', undefined, 'a~3ab:SMS'],
  ['zoë ${x}', 'SMS', undefined, 'zo~c3~ab~20~24~7bx~7d:SMS'],
  ['u~1', 'APNS', 'Device A', 'u~7e1:APNS:~44evice~20~41'],
])('%s on %s (%s) is %s', (user, channel, slot, id) => {
  expect(endpointIds('{userId}:{channel}').idOf(user, channel, slot)).toBe(id);
});

test.each([['someone else\'s'], [''], ['ann'], [':EMAIL'], ['ann:EMAIL:2:3'], ['ann:Émail']])('%p is no endpoint of ours', (id) => {
  expect(endpointIds('{userId}:{channel}').userOf(id)).toBeUndefined();
});

const user = fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'binary' }), fc.constantFrom(
  'a', 'A', 'a:EMAIL', 'a:sms:2', 'x-SMS', '~41', '~', 'å', 'Å', 'İ', 'i', 'ß', 'SS', '$&', '{userId}', '{channel}', '__proto__', '..'));
const slot = fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: undefined });

test.each(TEMPLATES)('%s: from user to endpoint and back is the identity, whatever becomes of the case', (template) => {
  const ids = endpointIds(template);
  fc.assert(fc.property(user, fc.constantFrom(...CHANNELS), slot, (userId, channel, chosen) => {
    const id = ids.idOf(userId, channel, chosen);
    expect(id).not.toMatch(/[${}]/);
    for (const seen of [id, id.toLowerCase(), id.toUpperCase()]) expect(ids.userOf(seen)).toBe(userId);
  }), { numRuns: 300 });
});

test.each(TEMPLATES)('%s: no two of user, channel and slot share an endpoint', (template) => {
  const ids = endpointIds(template);
  const parts = fc.tuple(user, fc.constantFrom(...CHANNELS), slot);
  fc.assert(fc.property(parts, parts, (one, other) => {
    fc.pre(JSON.stringify(one) !== JSON.stringify(other));
    expect(ids.idOf(...one).toLowerCase()).not.toBe(ids.idOf(...other).toLowerCase());
  }), { numRuns: 300 });
});
