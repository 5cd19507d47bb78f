import { parseFaults } from '../../local/faults';

test('faults are taken per operation, in the order of the specification', () => {
  const plan = parseFaults('UpdateEndpointsBatch:429x2, PutEvents:item400x1,PutEvents:timeoutx1,PutEvents:empty,PutEvents:reset,cdp:503x10');
  const throttled = { kind: 'status', status: 429 };
  expect([1, 2, 3].map(() => plan.take('UpdateEndpointsBatch'))).toEqual([throttled, throttled, undefined]);
  expect([1, 2, 3, 4, 5].map(() => plan.take('PutEvents')?.kind)).toEqual(['item', 'timeout', 'empty', 'reset', undefined]);
  expect(plan.take('GetEndpoint')).toBeUndefined();
  expect(plan.unused()).toEqual(['cdp: 10']);
  plan.end();
  expect(plan.take('cdp')).toBeUndefined();
  expect(plan.unused()).toEqual([]);
});

test.each([
  ['PutEvents', 'PutEvents: expected <operation>:<kind>x<count>'],
  ['PutEvents:', 'PutEvents:: unknown kind ""'],
  ['cdp:503,PutEvents:slowx3', 'PutEvents:slowx3: unknown kind "slow"'],
  ['PutEvents:200', 'PutEvents:200: unknown kind "200"'],
  ['PutEvents:4000', 'PutEvents:4000: unknown kind "4000"'],
  ['PutEvents:500x0', 'PutEvents:500x0: the count must be at least 1'],
  ['PutEvents:500x', 'PutEvents:500x: expected'],
  ['PutEvents:500x-1', 'PutEvents:500x-1: expected'],
  ['PutEvents:item202', 'PutEvents:item202: unknown kind "item202"'],
  ['GetEndpoint:item400', 'GetEndpoint:item400: only PutEvents answers per item'],
])('%s is refused with one line', (spec, message) => {
  expect(() => parseFaults(spec)).toThrow(`--faults: ${message}`);
});

test('an operation that there is not is refused when the names are known', () => {
  const message = '--faults: PutEvent:500: unknown operation PutEvent, expected one of PutEvents, cdp';
  expect(() => parseFaults('PutEvent:500', ['PutEvents', 'cdp'])).toThrow(message);
  expect(parseFaults('', ['cdp']).unused()).toEqual([]);
});
