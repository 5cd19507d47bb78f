import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import {
  CdpEndpointSync, CdpFormat, CustomerProfilesEngagementSourceProps, EndpointTarget, EngagementEventType, EngagementSource, EngagementStreamToCdpProps,
} from '../src';
import records from './fixtures/customer-profiles-stream/records.json';
import { APPLICATION_ID, configOf, givenFeedback, givenStack, readable, statementsOf, templateOf } from './support/synth';
import { matches, unknownRule } from '../local/lambda/esm/filter';
import { CAMPAIGN_OBJECT_TYPES } from '../src/contract/campaign-objects';
import { MAX_PATTERN } from '../src/private/filters';
import { Warning } from '../src/private/warnings';

const DOMAIN = 'amazon-connect-shop';
type Props = Partial<CustomerProfilesEngagementSourceProps & EngagementStreamToCdpProps>;

const given = (props: Props = {}, stack = givenStack()) =>
  givenFeedback({ ...props, source: EngagementSource.customerProfiles({ domainName: DOMAIN, ...props }) }, stack);

function only(template: Template, type: string): any {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return readable(found[0].Properties);
}

const patternOf = (template: Template) => only(template, 'AWS::Lambda::EventSourceMapping').FilterCriteria.Filters.map(({ Pattern }: any) => Pattern);

test('the domain writes its changes to the stream', () => {
  expect(only(templateOf(given()), 'AWS::CustomerProfiles::EventStream')).toEqual({
    DomainName: DOMAIN, EventStreamName: expect.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/), Uri: '<FeedbackStream.Arn>',
  });
});

test('two constructs, and a path that is long, have names of their own within the limit', () => {
  const stack = givenStack();
  const names = ['A', 'B', 'x'.repeat(100)].map((id) => givenFeedback({
    source: EngagementSource.customerProfiles({ domainName: `amazon-connect-${id.slice(0, 9)}` }),
  }, stack, id)).map((feedback) => (feedback.node.findChild('ProfileEventStream') as any).eventStreamName);
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
});

test('another source may take the place of this one: no resource changes its type', () => {
  const typesOf = (source: EngagementSource) => Object.entries<any>(templateOf(givenFeedback({ source })).toJSON().Resources)
    .map(([id, { Type }]) => [id, Type] as const);
  const ours = new Map(typesOf(EngagementSource.customerProfiles({ domainName: DOMAIN })));
  for (const source of [EngagementSource.sms(), EngagementSource.pinpoint({ applicationId: APPLICATION_ID })]) {
    for (const [id, type] of typesOf(source)) expect([id, ours.get(id) ?? type]).toEqual([id, type]);
  }
});

test('the event stream that a domain has already is left alone', () => {
  const stack = givenStack();
  const stream = new kinesis.Stream(stack, 'Mine');
  const template = templateOf(given({ existingEventStream: true, stream }, stack));
  template.resourceCountIs('AWS::CustomerProfiles::EventStream', 0);
  expect(only(template, 'AWS::Lambda::EventSourceMapping').EventSourceArn).toBe('<Mine.Arn>');
  expect(() => given({ existingEventStream: true })).toThrow('`stream` must be stated with `existingEventStream`');
});

test('a stream that is brought may be that of an event stream that is made', () => {
  const stack = givenStack();
  const stream = new kinesis.Stream(stack, 'Mine');
  expect(only(templateOf(given({ stream }, stack)), 'AWS::CustomerProfiles::EventStream').Uri).toBe('<Mine.Arn>');
});

test('beside what every source needs, the handler may get profiles of the domain', () => {
  const actions = (template: Template) => statementsOf(template, '<FeedbackHandlerRole>');
  const others = actions(templateOf(givenFeedback()));
  expect(others.length).toBeGreaterThan(0);
  expect(actions(templateOf(given())).filter((statement) => !others.some((other) => JSON.stringify(other) === JSON.stringify(statement)))).toEqual([
    { Action: 'profile:BatchGetProfile', Resource: `arn:<AWS::Partition>:profile:<AWS::Region>:<AWS::AccountId>:domains/${DOMAIN}` },
  ]);
});

test('what the handler is told: its share of the quota', () => {
  const source = (props: Props) => JSON.parse(configOf(templateOf(given(props)), 'FeedbackHandler')).source;
  expect(source({})).toEqual({
    kind: 'customerProfiles', domainName: DOMAIN, objectTypeNames: CAMPAIGN_OBJECT_TYPES, batchGetProfilePerSecond: 100,
  });
  expect(source({ shardCount: 2, parallelizationFactor: 5, objectTypeNames: ['ShopMail'] })).toMatchObject({
    objectTypeNames: ['ShopMail'], batchGetProfilePerSecond: 10,
  });
});

test('a domain of the app is referred to', () => {
  const stack = givenStack();
  const domain = new CfnDomain(stack, 'Domain', { domainName: DOMAIN, defaultExpirationDays: 30 });
  const template = templateOf(given({ domainName: domain.ref }, stack));
  expect(only(template, 'AWS::CustomerProfiles::EventStream').DomainName).toBe('<Domain>');
  expect(JSON.parse(patternOf(template)[0])).toMatchObject({ data: { DomainName: ['<Domain>'] } });
});

test('with a key of one’s own, the role of the service may use it, for this and from here', () => {
  const stack = givenStack();
  const template = templateOf(given({ encryptionKey: new kms.Key(stack, 'Key') }, stack));
  expect(only(template, 'AWS::KMS::Key').KeyPolicy.Statement.filter(({ Condition }: any) => Condition?.ArnLike?.['aws:PrincipalArn'])).toEqual([{
    Effect: 'Allow',
    Action: 'kms:GenerateDataKey',
    Resource: '*',
    Principal: { AWS: '*' },
    Condition: {
      StringEquals: { 'kms:CallerAccount': '<AWS::AccountId>', 'kms:ViaService': 'kinesis.<AWS::Region>.amazonaws.com' },
      ArnLike: { 'aws:PrincipalArn': 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/aws-service-role/profile.amazonaws.com/AWSServiceRoleForProfile_*' },
    },
  }]);
});

describe('what Lambda is invoked for', () => {
  /** Of these records, the names of those that are handed on. */
  function handedOn(template: Template, all: Readonly<Record<string, object>>): string[] {
    const [text, ...others] = patternOf(template);
    expect(others).toEqual([]);
    expect(text.length).toBeLessThanOrEqual(MAX_PATTERN);
    const pattern = JSON.parse(text);
    expect(unknownRule(pattern)).toBeUndefined();
    return Object.entries(all).filter(([, data]) => matches(pattern, { partitionKey: 'k', data: data as any })).map(([name]) => name);
  }
  const CAMPAIGNS = Object.keys(records).filter((name) => name !== 'profileCreated');

  test('objects of campaigns, whatever is chosen among their events', () => {
    expect(handedOn(templateOf(given()), records)).toEqual(CAMPAIGNS);
    expect(handedOn(templateOf(given({ events: [EngagementEventType.EMAIL_OPEN, EngagementEventType.SESSION_START] })), records)).toEqual(CAMPAIGNS);
  });

  test('those that are named', () => {
    const mine = { ...records.emailOpen, ObjectTypeName: 'ShopMail' };
    expect(handedOn(templateOf(given({ objectTypeNames: ['ShopMail'] })), { ...records, mine })).toEqual(['mine']);
  });

  test('not other domains, other changes, or what is no record', () => {
    const { emailOpen } = records;
    expect(handedOn(templateOf(given()), {
      emailOpen, other: { ...emailOpen, DomainName: 'other' }, merged: { ...emailOpen, EventType: 'MERGED' }, deleted: { ...emailOpen, EventType: 'DELETED' }, nothing: {},
    })).toEqual(['emailOpen']);
  });

  test('not what our own constructs write', () => {
    const stack = givenStack();
    new CdpEndpointSync(stack, 'Sync', { target: EndpointTarget.customerProfiles({ domainName: DOMAIN }), format: CdpFormat.segment() });
    const template = templateOf(given({}, stack));
    const types = Object.values(template.findResources('AWS::CustomerProfiles::ObjectType')).map(({ Properties }) => Properties.ObjectTypeName as string);
    expect(types).toEqual(['CdpUser', 'CdpEvent']);
    const [, pattern] = Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).map(({ Properties }) => Properties.FilterCriteria?.Filters[0].Pattern);
    for (const ObjectTypeName of [...types, 'CdpSegmentMember', '_profile']) {
      expect(matches(JSON.parse(pattern), { partitionKey: 'k', data: { ...records.emailOpen, ObjectTypeName } as any })).toBe(false);
    }
  });

  test('ten types of the longest names fit', () => {
    const objectTypeNames = Array.from({ length: 10 }, (_, index) => `T${index}`.padEnd(255, 'x'));
    expect(handedOn(templateOf(given({ objectTypeNames })), records)).toEqual([]);
  });

  test('types that campaigns never tell of are refused', () => {
    expect(() => given({ events: [EngagementEventType.SESSION_START] })).toThrow('`events` must name a type that the source has');
  });
});

test.each<[Partial<CustomerProfilesEngagementSourceProps>, string]>([
  [{ domainName: 'arn:aws:profile' }, '`domainName` must have 1 to 64'],
  [{ objectTypeNames: [] }, '`objectTypeNames` must be'],
  [{ objectTypeNames: Array(11).fill('T') }, '`objectTypeNames` must be'],
  [{ objectTypeNames: ['_profile'] }, '`objectTypeNames` must start with a letter'],
  [{ objectTypeNames: ['x'.repeat(256)] }, '`objectTypeNames` must start with a letter'],
  [{ objectTypeNames: ['Campaign-Email', 'CdpEvent'] }, '`objectTypeNames` must be types that campaigns write'],
])('%j is refused', (props, message) => expect(() => given(props)).toThrow(message));

test.each([[DOMAIN, 0], ['shop', 1]])('campaigns can use the domain %s: %d warnings', (domainName, count) => {
  const stack = Stack.of(given({ domainName }));
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(Warning.CUSTOMER_PROFILES_DOMAIN_NAME));
  expect(warnings).toHaveLength(count);
});
