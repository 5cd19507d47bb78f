import { Annotations, App, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations as Assertions, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EndpointTarget, PinpointEndpointTargetProps, PinpointEndpointWrites } from '../src';
import { APPLICATION_ID, givenStack, readable } from './support/synth';

const APPS = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;

function bind(props: Partial<PinpointEndpointTargetProps> = {}, concurrency = 1) {
  const stack = givenStack();
  const grantee = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const config = EndpointTarget.pinpoint({ applicationId: APPLICATION_ID, ...props })._bind(stack, { grantee, concurrency });
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const { Statement } = readable(policy.Properties.PolicyDocument) as {
    Statement: { Action: string | string[]; Resource: string; Effect: string }[];
  };
  return { config, statements: Statement.map(({ Action, Resource }) => [[Action].flat(), Resource]), stack };
}

describe('Amazon Pinpoint', () => {
  test('by default: batches, and a look at what the service knows', () => {
    const { config, statements } = bind();
    expect(config).toEqual({
      kind: 'pinpoint',
      applicationId: APPLICATION_ID,
      endpointWrites: 'batch',
      lookUpEndpoints: true,
      requestsPerSecond: { updateEndpointsBatch: 2, putEvents: 15, userEndpoints: 300 },
    });
    expect(statements).toEqual([
      [['mobiletargeting:UpdateEndpointsBatch'], APPS],
      [['mobiletargeting:PutEvents'], `${APPS}/events`],
      [['mobiletargeting:DeleteUserEndpoints', 'mobiletargeting:GetUserEndpoints'], `${APPS}/users/*`],
    ]);
  });

  test('the lane of events never updates in batches, and may not', () => {
    const { config, statements } = bind({ endpointWrites: PinpointEndpointWrites.EVENTS });
    expect(config).toMatchObject({ endpointWrites: 'events' });
    expect(statements.flatMap(([actions]) => actions)).toEqual([
      'mobiletargeting:PutEvents', 'mobiletargeting:DeleteUserEndpoints', 'mobiletargeting:GetUserEndpoints',
    ]);
  });

  test('a target that is not to look may not', () => {
    const { config, statements } = bind({ lookUpEndpoints: false });
    expect(config).toMatchObject({ lookUpEndpoints: false });
    expect(statements).toContainEqual([['mobiletargeting:DeleteUserEndpoints'], `${APPS}/users/*`]);
  });

  test.each([1, 2, 3, 80])('the quotas are shared out over %d invocations', (concurrency) => {
    const { requestsPerSecond } = bind({}, concurrency).config;
    expect(requestsPerSecond.updateEndpointsBatch * concurrency).toBeCloseTo(2);
    expect(requestsPerSecond.putEvents * concurrency).toBeCloseTo(15);
    expect(requestsPerSecond.userEndpoints * concurrency).toBeCloseTo(300);
  });

  test('the id may be a token', () => {
    expect(bind({ applicationId: Lazy.string({ produce: () => 'later' }) }).statements[1]).toEqual(
      [['mobiletargeting:PutEvents'], expect.stringContaining('apps/later/events')]);
  });

  test('warns of the end of support, once and until acknowledged', () => {
    const id = Match.stringLikeRegexp('pinpointEndOfSupport');
    const { stack } = bind();
    expect(Assertions.fromStack(stack).findWarning('/Stack', id)).toHaveLength(1);
    Annotations.of(stack).acknowledgeWarning('cdk-cdp-engagement:pinpointEndOfSupport');
    Assertions.fromStack(stack).hasNoWarning('/Stack', id);
  });

  test('warns of a second construct that takes the quotas of one account and Region', () => {
    const id = Match.stringLikeRegexp('pinpointQuotasTakenTwice');
    const app = new App();
    const bindIn = (name: string, region?: string) => {
      const stack = new Stack(app, name, { env: region === undefined ? undefined : { account: '111122223333', region } });
      return (scope: string) => EndpointTarget.pinpoint({ applicationId: APPLICATION_ID })._bind(new Construct(stack, scope), {
        grantee: new iam.Role(stack, `${scope}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }), concurrency: 1,
      });
    };
    const warningsOf = (name: string) => Assertions.fromStack(app.node.findChild(name) as Stack).findWarning('*', id).map((one) => one.id);
    const unknown = bindIn('Unknown');
    unknown('One');
    bindIn('Ireland', 'eu-west-1')('One');
    bindIn('Oregon', 'us-west-2')('One');
    bindIn('IrelandToo', 'eu-west-1')('One');
    unknown('Two');
    expect(['Unknown', 'Ireland', 'Oregon', 'IrelandToo'].map(warningsOf)).toEqual([['/Unknown/Two'], [], [], ['/IrelandToo/One']]);
  });

  test.each(['', 'arn:aws:mobiletargeting:eu-west-1:111122223333:apps/x', 'my app'])('fails with the application id %p', (applicationId) => {
    expect(() => EndpointTarget.pinpoint({ applicationId })).toThrow('`applicationId` must be the id of an application, letters and digits only');
  });
});
