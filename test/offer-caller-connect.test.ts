import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { OfferCaller } from '../src';
import { givenOffer, givenStack, INSTANCE_ARN, readable, statementsOf, templateOf } from './support/synth';

const given = (register?: boolean) => templateOf(givenOffer({ caller: OfferCaller.connectJourney({ instanceArn: INSTANCE_ARN, register }) }));

describe('a journey of Amazon Connect', () => {
  const template = given();

  test('both principals of the instance may invoke the channel, on behalf of it alone', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => readable(Properties));
    expect(permissions).toEqual(['connect-campaigns.amazonaws.com', 'connect.amazonaws.com'].map((Principal) => ({
      Action: 'lambda:InvokeFunction', FunctionName: '<OfferChannel.Arn>', Principal, SourceAccount: '<AWS::AccountId>', SourceArn: INSTANCE_ARN,
    })));
  });

  test('the channel has as long as the action waits', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Gives the offer to the users of a campaign or journey step', Timeout: 30 });
  });

  test('is registered by nobody unless it is to be', () => {
    template.resourceCountIs('Custom::AWS', 0);
  });
});

describe('registered by the deployment', () => {
  const template = given(true);
  const [{ Properties }] = Object.values(template.findResources('Custom::AWS'));
  const call = (name: string) => JSON.parse(readable(Properties[name]) as string);
  const connectInstanceId = '5f0c2a4e-8b1d-4e7a-9c3f-2d6b8a0e1f47';

  test('put when it is made and changed, deleted when it goes', () => {
    const put = {
      service: 'ConnectCampaignsV2',
      action: 'PutConnectInstanceIntegration',
      parameters: { connectInstanceId, integrationConfig: { lambda: { functionArn: '<OfferChannel.Arn>' } } },
      physicalResourceId: { id: `${connectInstanceId} <OfferChannel.Arn>` },
    };
    expect(call('Create')).toEqual(put);
    expect(call('Update')).toEqual(put);
    expect(call('Delete')).toEqual({
      service: 'ConnectCampaignsV2',
      action: 'DeleteConnectInstanceIntegration',
      parameters: { connectInstanceId, integrationIdentifier: { lambda: { functionArn: '<OfferChannel.Arn>' } } },
      ignoreErrorCodesMatching: 'ResourceNotFoundException',
    });
    expect(Properties.InstallLatestAwsSdk).toBe(true);
  });

  test('with these permissions', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties: one }) => readable(one) as any)
      .filter(({ PolicyName }) => PolicyName.includes('Registration'));
    expect(policy.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: ['connect-campaigns:PutConnectInstanceIntegration', 'connect-campaigns:DeleteConnectInstanceIntegration'], Resource: '*' },
      { Effect: 'Allow', Action: 'connect:DescribeInstance', Resource: INSTANCE_ARN },
    ]);
    expect(statementsOf(template, '<OfferChannelRole>').flatMap(({ Action }) => Action).filter((action) => /connect/.test(String(action)))).toEqual([]);
  });
});

describe('fails with', () => {
  test.each(['', 'i', '5f0c2a4e-8b1d-4e7a-9c3f-2d6b8a0e1f47', 'arn:aws:connect:us-east-1:111122223333:instance/i/contact-flow/x'])('the instance %p', (instanceArn) => {
    expect(() => OfferCaller.connectJourney({ instanceArn })).toThrow('`instanceArn` must be the ARN of an Amazon Connect instance');
  });

  test('an attribute without a name', () => {
    expect(() => OfferCaller.connectJourney({ instanceArn: INSTANCE_ARN, userIdAttribute: '' })).toThrow('`userIdAttribute` must have 1 to 255 characters');
  });

  test.each([['another account', '444455556666', 'us-east-1'], ['another Region', '111122223333', 'eu-west-1']])('an instance of %s', (_, account, region) => {
    const stack = new Stack(new App(), 'Stack', { env: { account, region } });
    expect(() => givenOffer({ caller: OfferCaller.connectJourney({ instanceArn: INSTANCE_ARN }) }, stack))
      .toThrow(`\`instanceArn\` must be in the account and Region of the stack, ${account} and ${region}, got: '${INSTANCE_ARN}'`);
  });
});

test('an instance of the stack\'s own account and Region, and one that only the deployment knows', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  expect(() => givenOffer({ caller: OfferCaller.connectJourney({ instanceArn: INSTANCE_ARN }) }, stack)).not.toThrow();
  const parameter = new CfnParameter(givenStack(), 'Instance');
  const offer = givenOffer({ caller: OfferCaller.connectJourney({ instanceArn: parameter.valueAsString, register: true }) }, Stack.of(parameter));
  const [{ Properties }] = Object.values(templateOf(offer).findResources('Custom::AWS'));
  expect(JSON.stringify(Properties.Create)).toContain('"Fn::Select":[1,{"Fn::Split":["/",{"Fn::Select":[5,{"Fn::Split":[":",{"Ref":"Instance"}]}]}]}');
});
