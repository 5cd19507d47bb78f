import { checkEvent, eventOf } from '../../../../lambda-src/endpoint-targets/pinpoint/event';
import { checkEndpoint, endpointOf } from '../../../../lambda-src/endpoint-targets/pinpoint/item';
import { cleanName } from '../../../../lambda-src/endpoint-targets/pinpoint/limits';
import type { EndpointPatch, TrackedEvent } from '../../../../lambda-src/model';
import { identifyOf, plan, profiles, trackOf } from '../../support/plans';

const x = (length: number, unit = 'x') => unit.repeat(length);
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const named = <T>(count: number, value: T, prefix = 'n') => Object.fromEntries(many(count, (index) => [`${prefix}${index}`, value]));

function fitted(patch: EndpointPatch) {
  const cuts: string[] = [];
  return { ...endpointOf('e', 'u', [patch], (reason) => cuts.push(reason)), cuts };
}

function event(part: Partial<TrackedEvent>) {
  const cuts: string[] = [];
  const tracked: TrackedEvent = { kind: 'event', userId: 'u', id: 'i', type: 't', at: '2026-11-23T10:00:00.000Z', attributes: {}, metrics: {}, endpoints: [], ...part };
  return { ...eventOf(tracked, (reason) => cuts.push(reason)), cuts };
}

test.each<[string, EndpointPatch, object, string[]]>([
  ['name, n', { attributes: { [x(50)]: ['v'] } }, { Attributes: { [x(50)]: ['v'] } }, []],
  ['name, n + 1', { attributes: { [x(51)]: ['v'], ok: ['v'] } }, { Attributes: { ok: ['v'] } }, ['AttributeNameTooLong']],
  ['name, none', { attributes: { '': ['v'], 'ok': ['v'] } }, { Attributes: { ok: ['v'] } }, ['EmptyName']],
  ['value, n', { attributes: { a: [x(100)] } }, { Attributes: { a: [x(100)] } }, []],
  ['value, n + 1', { attributes: { a: [x(101), 'b'] } }, { Attributes: { a: [x(100), 'b'] } }, ['AttributeValueShortened']],
  ['value of wide characters, n', { attributes: { a: [x(100, '😀')] } }, { Attributes: { a: [x(100, '😀')] } }, []],
  ['value of wide characters, n + 1', { attributes: { a: [x(101, '😀')] } }, { Attributes: { a: [x(100, '😀')] } }, ['AttributeValueShortened']],
  ['values, n', { attributes: { a: many(50, String) } }, { Attributes: { a: many(50, String) } }, []],
  ['values, n + 1', { attributes: { a: many(51, String) } }, { Attributes: { a: many(50, String) } }, ['TooManyValues']],
  ['metric name, n', { metrics: { [x(50)]: 1 } }, { Metrics: { [x(50)]: 1 } }, []],
  ['metric name, n + 1', { metrics: { [x(51)]: 1, ok: 2 } }, { Metrics: { ok: 2 } }, ['AttributeNameTooLong']],
  ['metric name, none', { metrics: { '': 1 } }, { Metrics: {} }, ['EmptyName']],
  ['metric above all numbers', { metrics: { a: Infinity, ok: 1 } }, { Metrics: { ok: 1 } }, ['NotANumber']],
  ['Make, n', { demographic: { Make: x(50) } }, { Demographic: { Make: x(50) } }, []],
  ['Make, n + 1', { demographic: { Make: x(51) } }, { Demographic: { Make: x(50) } }, ['DemographicShortened']],
  ['Model, n', { demographic: { Model: x(100) } }, { Demographic: { Model: x(100) } }, []],
  ['Model, n + 1', { demographic: { Model: x(101) } }, { Demographic: { Model: x(100) } }, ['DemographicShortened']],
  ['City, n', { location: { City: x(75) } }, { Location: { City: x(75) } }, []],
  ['City, n + 1', { location: { City: x(76) } }, { Location: { City: x(75) } }, ['LocationShortened']],
  ['Country', { location: { Country: 'USA', City: 'x' } }, { Location: { Country: 'USA', City: 'x' } }, []],
  ['Country in full', { location: { Country: 'United States', City: 'x' } }, { Location: { City: 'x' } }, ['InvalidCountry']],
  ['coordinates', { location: { Latitude: '47.6', Longitude: 0 } }, { Location: { Latitude: 47.6, Longitude: 0 } }, []],
  ['Country in small letters', { location: { Country: 'nl', City: 'x' } }, { Location: { Country: 'NL', City: 'x' } }, []],
  ['a PostalCode that is a number', { location: { PostalCode: 98109, City: 'x' } }, { Location: { PostalCode: '98109', City: 'x' } }, []],
  ['coordinates as text', { location: { City: 'x', Latitude: '47.6', Longitude: '-122.3' } }, { Location: { City: 'x', Latitude: 47.6, Longitude: -122.3 } }, []],
  ['half of the coordinates', { location: { Latitude: 47.6 } }, { Location: {} }, ['InvalidCoordinates']],
  ['coordinates that are none', { location: { Latitude: 'north', Longitude: 1 } }, { Location: {} }, ['InvalidCoordinates']],
])('endpoint: %s', (_, patch, expected, cuts) => {
  expect(fitted(patch)).toEqual({ Id: 'e', User: { UserId: 'u' }, ...expected, cuts });
});

test.each<[string, Partial<TrackedEvent>, object, string[]]>([
  ['key, n', { attributes: { [x(50)]: 'v' } }, { Attributes: { [x(50)]: 'v' } }, []],
  ['key, n + 1', { attributes: { [x(51)]: 'v' }, metrics: { [x(51)]: 1 } }, {}, ['EventKeyTooLong', 'EventKeyTooLong']],
  ['key, none', { attributes: { '': 'v' }, metrics: { '': 1 } }, {}, ['EmptyName', 'EmptyName']],
  ['value, n', { attributes: { a: x(200) } }, { Attributes: { a: x(200) } }, []],
  ['value, n + 1', { attributes: { a: x(201) } }, { Attributes: { a: x(200) } }, ['EventValueShortened']],
  ['keys, n', { attributes: named(39, 'v'), metrics: { m: 1 } }, { Attributes: named(39, 'v'), Metrics: { m: 1 } }, []],
  ['keys, n + 1', { attributes: named(40, 'v'), metrics: { m: 1 } }, { Attributes: named(40, 'v') }, ['TooManyEventKeys']],
  ['keys, 2 n', { attributes: named(41, 'v'), metrics: named(39, 1, 'm') }, { Attributes: named(40, 'v') }, many(40, () => 'TooManyEventKeys')],
  ['metric above all numbers', { metrics: { a: Infinity, b: -Infinity, ok: 1 } }, { Metrics: { ok: 1 } }, ['NotANumber', 'NotANumber']],
  ['names that the service advises against', { type: 'a/b:c?d#e\\f', attributes: { 'x:y': '1' } }, { EventType: 'a_b_c_d_e_f', Attributes: { x_y: '1' } }, ['NameCleaned', 'NameCleaned']],
  ['members of its own', { native: { AppTitle: 'Shop', Session: { Id: 's' }, Unknown: 1, SdkName: null } }, { AppTitle: 'Shop', Session: { Id: 's' } }, []],
])('event: %s', (_, part, expected, cuts) => {
  expect(event(part)).toEqual({ EventType: 't', SdkName: 'cdk-cdp-engagement', Timestamp: '2026-11-23T10:00:00.000Z', ...expected, cuts });
});

test('names that mean something to JavaScript', () => {
  expect(cleanName('__proto__', () => undefined)).toBe('proto');
  const attributes = JSON.parse('{"__proto__":["p"],"constructor":["c"]}') as Record<string, string[]>;
  expect(Object.entries(fitted({ attributes }).Attributes!)).toEqual([['proto', ['p']], ['constructor', ['c']]]);
  const merged = endpointOf('e', 'u', [{ attributes }, { attributes: { other: ['o'] } }], () => undefined);
  expect(Object.entries(merged.Attributes!)).toEqual([['proto', ['p']], ['constructor', ['c']], ['other', ['o']]]);
});

test('bytes of an endpoint: n are taken, n + 1 are refused', () => {
  const sized = (bytes: number) => {
    const endpoint = { Id: 'e', Address: '' };
    return { ...endpoint, Address: x(bytes - JSON.stringify(endpoint).length) };
  };
  expect(() => checkEndpoint(sized(15 * 1024))).not.toThrow();
  expect(() => checkEndpoint(sized(15 * 1024 + 1))).toThrow(expect.objectContaining({ code: 'EndpointTooLarge' }));
  expect(() => checkEndpoint({ Id: 'e', Address: x(5121, '✓') })).toThrow(expect.objectContaining({ code: 'EndpointTooLarge' }));
});

test('names of an endpoint: n are taken, n + 1 are refused', () => {
  const endpoint = (extra: number) => ({ Id: 'e', Attributes: named(100, []), Metrics: named(100, 1), User: { UserId: 'u', UserAttributes: named(50 + extra, []) } });
  expect(() => checkEndpoint(endpoint(0))).not.toThrow();
  expect(() => checkEndpoint(endpoint(1))).toThrow(expect.objectContaining({ code: 'TooManyAttributes' }));
});

test('bytes of an event: n are taken, n + 1 are refused', () => {
  const sized = (bytes: number) => ({ EventType: 't', Timestamp: '', AppTitle: x(bytes - JSON.stringify({ EventType: 't', Timestamp: '', AppTitle: '' }).length) });
  expect(checkEvent(sized(1000 * 1024))).toBe(1000 * 1024);
  expect(() => checkEvent(sized(1000 * 1024 + 1))).toThrow(expect.objectContaining({ code: 'EventTooLarge' }));
});

test('endpoints of a user in one message: n are taken, n + 1 are refused', () => {
  const mails = (count: number) => profiles(identifyOf('u', { email: many(count, (index) => `${index}@example.com`) }));
  expect(plan(mails(15)).stages[0].endpoints).toHaveLength(15);
  expect(plan(mails(16)).outcomes).toMatchObject({ 0: { status: 'rejected', code: 'TooManyEndpoints' } });
});

test.each(['u$', '{u}', '.', '..', '__proto__', x(2049)])('the user id %p is refused, and nobody is asked for it', (userId) => {
  const { stages, outcomes } = plan(profiles(identifyOf(userId, { email: 'a@example.com' }), trackOf(userId), { type: 'delete', userId }), { [userId]: undefined });
  expect(stages).toEqual([]);
  expect(Object.values(outcomes)).toEqual(many(3, () => expect.objectContaining({ status: 'rejected', code: 'InvalidId' })));
});
