import { Permission, mayInvoke } from '../../local/lambda/permission';
import { parseMessages } from '../../local/messages';
import { offerInvocations } from '../../local/offers';

const CALLER = {
  functionName: 'Fn', principal: 'pinpoint.us-east-1.amazonaws.com', sourceAccount: '123456789012',
  sourceArn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/app1/campaigns/c1',
};
const PERMISSION: Permission = {
  functionName: 'Fn', action: 'lambda:InvokeFunction', principal: CALLER.principal, sourceAccount: '123456789012',
  sourceArn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/app1/*',
};

test.each<[string, Partial<Permission>, boolean]>([
  ['as documented', {}, true],
  ['for campaigns', { sourceArn: CALLER.sourceArn.replace('c1', '*') }, true],
  ['without conditions', { sourceAccount: undefined, sourceArn: undefined }, true],
  ['for journeys', { sourceArn: CALLER.sourceArn.replace('campaigns/c1', 'journeys/*') }, false],
  ['for another application', { sourceArn: CALLER.sourceArn.replace('app1', 'app2') }, false],
  ['for the application alone', { sourceArn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/app1' }, false],
  ['of another account', { sourceAccount: '111122223333' }, false],
  ['for the global principal', { principal: 'pinpoint.amazonaws.com' }, false],
  ['on another function', { functionName: 'Other' }, false],
  ['for another action', { action: 'lambda:InvokeFunctionUrl' }, false],
])('a permission %s', (_, changes, allowed) => {
  expect(mayInvoke([{ ...PERMISSION, ...changes }], CALLER)).toBe(allowed);
});

const endpoints = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`e${index}`, { ChannelType: 'CUSTOM' }]));
const invocations = (value: object) => offerInvocations(parseMessages(JSON.stringify(value), 'file')).map(({ Endpoints }) => Object.keys(Endpoints as object).length);

test.each([[0, [0]], [1, [1]], [50, [50]], [51, [50, 1]], [120, [50, 50, 20]]])('%i endpoints', (count, sizes) => {
  expect(invocations({ CampaignId: 'c', Endpoints: endpoints(count) })).toEqual(sizes);
});

test('a list of endpoints alone is an invocation too; anything else is refused before anything starts', () => {
  expect(invocations(endpoints(2))).toEqual([2]);
  expect(() => invocations({ hello: 'world' })).toThrow('file:1: is neither the payload of a custom channel nor a list of endpoints');
  const deep = `{"Endpoints":{"e":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
  expect(() => parseMessages(deep, 'file')).toThrow('file: message 1 is nested too deep to be written again');
});
