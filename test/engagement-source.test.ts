import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { EngagementEventType, EngagementSource, PinpointEngagementSourceProps } from '../src';
import { APPLICATION_ID, givenFeedback, givenStack, readable, templateOf } from './support/synth';
import { matches, unknownRule } from '../local/lambda/esm/filter';
import { ENGAGEMENT_EVENT_TYPES, EngagementType } from '../src/contract/engagement-stream-to-cdp';
import { MAX_PATTERN } from '../src/private/filters';

const APP = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;

function bind(props: Partial<PinpointEngagementSourceProps> = {}, concurrency = 1) {
  const stack = givenStack();
  const grantee = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const stream = new kinesis.Stream(stack, 'Stream');
  const source = EngagementSource.pinpoint({ applicationId: APPLICATION_ID, ...props });
  const { config } = source._bind(stack, { grantee, stream, ownsStream: true, concurrency, options: {} });
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => readable(Properties) as any);
  const statements = policies.filter(({ Roles }) => Roles.includes('<Role>')).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return { config, statements: statements.map(({ Action, Resource }: any) => [Action, Resource]), template: Template.fromStack(stack) };
}

describe('Amazon Pinpoint', () => {
  test('by default asks nothing of the service', () => {
    const { config, statements } = bind();
    expect(config).toEqual({ kind: 'pinpoint', applicationId: APPLICATION_ID, lookUpEndpoints: false, getEndpointPerSecond: 10 });
    expect(statements).toEqual([]);
  });

  test('may look endpoints up when it is to', () => {
    const { config, statements } = bind({ lookUpEndpoints: true, endpointId: '{userId}:{channel}' });
    expect(config).toMatchObject({ lookUpEndpoints: true, endpointId: '{userId}:{channel}' });
    expect(statements).toEqual([['mobiletargeting:GetEndpoint', `${APP}/endpoints/*`]]);
  });

  test.each([1, 3, 80])('the quota is shared out over %d invocations', (concurrency) => {
    const { config } = bind({}, concurrency);
    expect(config.kind === 'pinpoint' && config.getEndpointPerSecond * concurrency).toBeCloseTo(10);
  });

  test('the id may be a token', () => {
    bind({ applicationId: Lazy.string({ produce: () => 'later' }) }).template
      .hasResourceProperties('AWS::Pinpoint::EventStream', { ApplicationId: 'later' });
  });
});

/** The service's names, by our types, as its documentation spells them. */
const NAMES: Readonly<Record<Exclude<EngagementType, 'CUSTOM' | 'EMAIL_DELIVERY_DELAY'>, string>> = {
  EMAIL_SEND: '_email.send',
  EMAIL_DELIVERED: '_email.delivered',
  EMAIL_HARD_BOUNCE: '_email.hardbounce',
  EMAIL_SOFT_BOUNCE: '_email.softbounce',
  EMAIL_COMPLAINT: '_email.complaint',
  EMAIL_OPEN: '_email.open',
  EMAIL_CLICK: '_email.click',
  EMAIL_REJECTED: '_email.rejected',
  EMAIL_UNSUBSCRIBE: '_email.unsubscribe',
  EMAIL_RENDERING_FAILURE: '_email.rendering_failure',
  SMS_BUFFERED: '_SMS.BUFFERED',
  SMS_SUCCESS: '_SMS.SUCCESS',
  SMS_FAILURE: '_SMS.FAILURE',
  SMS_OPT_OUT: '_SMS.OPTOUT',
  CAMPAIGN_SEND: '_campaign.send',
  CAMPAIGN_OPENED_NOTIFICATION: '_campaign.opened_notification',
  CAMPAIGN_RECEIVED_FOREGROUND: '_campaign.received_foreground',
  CAMPAIGN_RECEIVED_BACKGROUND: '_campaign.received_background',
  JOURNEY_SEND: '_journey.send',
  SESSION_START: '_session.start',
  SESSION_STOP: '_session.stop',
  SESSION_PAUSE: '_session.pause',
  SESSION_RESUME: '_session.resume',
  USER_SIGN_IN: '_userauth.sign_in',
  USER_SIGN_UP: '_userauth.sign_up',
  USER_AUTH_FAIL: '_userauth.auth_fail',
  PURCHASE: '_monetization.purchase',
};
/** Also names that begin like the service's own: an application may choose any. */
const CUSTOM_NAMES = ['Order Shipped', 'registered', '_custom.registered_for_webinar5', '_email.custom', ''];

/** What the mapping of a construct hands to the function, of records in the shape of the event stream. */
function handedOn(events: EngagementEventType[], names: readonly string[]): string[] {
  const template = templateOf(givenFeedback({ events }));
  const [mapping] = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
  const patterns = mapping.Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => {
    expect(Pattern.length).toBeLessThanOrEqual(MAX_PATTERN);
    return JSON.parse(Pattern);
  });
  expect(patterns.map(unknownRule)).toEqual([undefined]);
  const record = (event_type: string) => ({
    partitionKey: 'e1',
    data: {
      event_type,
      event_timestamp: 1564618621380,
      arrival_timestamp: 1564618621380,
      event_version: '3.1',
      application: { app_id: 'a', sdk: {} },
      client: { client_id: 'e1' },
      device: { platform: {} },
      session: {},
      attributes: {},
      awsAccountId: '123456789012',
    },
  });
  return names.filter((name) => patterns.some((pattern: any) => matches(pattern, record(name))));
}

describe('Lambda invokes the function for what is wanted, and for nothing else', () => {
  const EVERY_NAME = [...Object.values(NAMES), ...CUSTOM_NAMES, '_test.event_stream'];
  const type = (name: EngagementType) => EngagementEventType[name];

  test.each(Object.entries(NAMES) as [Exclude<EngagementType, 'CUSTOM' | 'EMAIL_DELIVERY_DELAY'>, string][])('%s alone is %s', (wanted, name) => {
    expect(handedOn([type(wanted)], EVERY_NAME)).toEqual([name]);
  });

  test('several types', () => {
    expect(handedOn([EngagementEventType.EMAIL_CLICK, EngagementEventType.SMS_OPT_OUT, EngagementEventType.JOURNEY_SEND], EVERY_NAME))
      .toEqual(['_email.click', '_SMS.OPTOUT', '_journey.send']);
  });

  test("the application's own events alone", () => {
    expect(handedOn([EngagementEventType.CUSTOM], EVERY_NAME)).toEqual(CUSTOM_NAMES);
  });

  test("the application's own events and others", () => {
    expect(handedOn([EngagementEventType.CUSTOM, EngagementEventType.EMAIL_OPEN], EVERY_NAME)).toEqual(['_email.open', ...CUSTOM_NAMES]);
  });

  test('every type by name: everything but the test record', () => {
    expect(handedOn(ENGAGEMENT_EVENT_TYPES.map(type), EVERY_NAME)).toEqual([...Object.values(NAMES), ...CUSTOM_NAMES]);
  });

  test('without a choice there is no filter, as it would lose what is not JSON in silence', () => {
    const [mapping] = Object.values(templateOf(givenFeedback()).findResources('AWS::Lambda::EventSourceMapping'));
    expect(mapping.Properties.FilterCriteria).toBeUndefined();
  });
});

test('the types that can be chosen are those of the contract', () => {
  expect(Object.values(EngagementEventType)).toEqual(ENGAGEMENT_EVENT_TYPES);
  expect(Object.keys(EngagementEventType)).toEqual(ENGAGEMENT_EVENT_TYPES);
});
