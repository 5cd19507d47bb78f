import { createMapper } from '../../../lambda-src/mapping';
import { optOutBeside, trackedEvent } from '../../../lambda-src/mapping/event';
import { mapping, OPT_OUT } from '../support/mapping';
import { AT, track } from '../support/messages';

const event = (properties: unknown, traits: Record<string, unknown> = {}, cut: (reason: string) => void = () => undefined) => {
  const message = track(properties, { traits });
  return trackedEvent(message, createMapper(mapping(OPT_OUT))(message, () => undefined), cut);
};

test('of two properties of one name the first is kept, and the other counted', () => {
  const cuts: string[] = [];
  const read = event({ a_b: 'first', a: { b: 'second', c: 1 }, a_c: 2 }, {}, (reason) => cuts.push(reason));
  expect(read).toMatchObject({ attributes: { a_b: 'first' }, metrics: { a_c: 1 } });
  expect(cuts).toEqual(['NameTaken', 'NameTaken']);
});

test('numbers are metrics, everything else is an attribute as text', () => {
  expect(event({ total: 39.95, zero: 0, currency: 'USD', gift: true, coupon: null, note: '', tags: ['a', 2, null, true], products: [{ id: 1 }], none: [] })).toEqual({
    kind: 'event', userId: 'u1', id: 'm1', type: 'Order Completed', at: AT, endpoints: [],
    metrics: { total: 39.95, zero: 0 }, attributes: { currency: 'USD', gift: 'true', tags: 'a,2,true', products: '[{"id":1}]' },
  });
});

test('objects are taken apart, as a dot would break templates', () => {
  expect(event({ cart: { id: 'c1', total: { net: 1, gross: 2 } } })).toMatchObject({ attributes: { cart_id: 'c1' }, metrics: { cart_total_net: 1, cart_total_gross: 2 } });
});

test('names that mean something to JavaScript', () => {
  const { attributes } = event(JSON.parse('{"__proto__":"p","constructor":"c"}'));
  expect(Object.entries(attributes)).toEqual([['__proto__', 'p'], ['constructor', 'c']]);
});

test('the addresses of the message go along, other traits don\'t', () => {
  expect(event({}, { email: 'a@example.com', plan: 'gold' }).endpoints).toEqual([{ channel: 'EMAIL', address: 'a@example.com' }]);
  expect(event({}, { email: null }).endpoints).toEqual([]);
});

test.each([[true, 'ALL'], [false, 'NONE']])('an opt-out of the message is one of its addresses (%p)', (unsubscribed, optOut) => {
  expect(event({}, { email: 'a@example.com', unsubscribed }).endpoints).toEqual([{ channel: 'EMAIL', address: 'a@example.com', optOut }]);
});

describe('consent that comes with an event, beside its addresses', () => {
  const beside = (traits: Record<string, unknown>) => {
    const cuts: string[] = [];
    const change = optOutBeside(createMapper(mapping(OPT_OUT))(track({}, { traits }), () => undefined), (reason) => cuts.push(reason));
    return { change, cuts };
  };
  const email = { channel: 'EMAIL', address: 'a@example.com' };
  const change = (more: object) => ({ kind: 'profile', userId: 'u1', userAttributes: {}, at: AT, endpoints: [], ...more });

  test.each<[Record<string, unknown>, object | undefined, string[]]>([
    [{ unsubscribed: true }, change({ common: { optOut: 'ALL' } }), []],
    [{ unsubscribed: true, email: email.address }, change({ common: { optOut: 'ALL' }, endpoints: [{ ...email, optOut: 'ALL' }] }), []],
    [{ subscriptions: { EMAIL: 'UNSUBSCRIBED' } }, change({ endpoints: [{ channel: 'EMAIL', optOut: 'ALL' }] }), []],
    [{ subscriptions: { EMAIL: 'UNSUBSCRIBED' }, email: email.address }, undefined, []],
    [{ subscriptions: { EMAIL: 'UNSUBSCRIBED' }, email: null }, change({ endpoints: [{ channel: 'EMAIL', optOut: 'ALL' }] }), []],
    [{ unsubscribed: false }, undefined, ['OptInWithoutAddress']],
    [{ subscriptions: { EMAIL: 'SUBSCRIBED', SMS: 'UNSUBSCRIBED' } }, change({ endpoints: [{ channel: 'SMS', optOut: 'ALL' }] }), ['OptInWithoutAddress']],
    [{ unsubscribed: false, email: email.address }, undefined, []],
    [{ email: email.address }, undefined, []],
  ])('%j', (traits, expected, cuts) => {
    expect(beside(traits)).toEqual({ change: expected, cuts });
  });
});
