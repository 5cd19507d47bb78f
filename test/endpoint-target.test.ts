import { Annotations, App, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations as Assertions, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  CustomerProfilesEndpointTargetProps, EndpointTarget, PinpointEndpointTargetProps, PinpointEndpointWrites, TraitMapping,
} from '../src';
import { PinpointEndpointTargetConfig } from '../src/contract/endpoint-target';
import { EndpointTargetBindOptions } from '../src/endpoint-target';
import { APPLICATION_ID, givenStack, readable } from './support/synth';
import { endpointMapping } from '../src/private/endpoint-mapping';

const APPS = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;

function optionsOf(grantee: iam.IGrantable, concurrency = 1, rules: TraitMapping[] = []): EndpointTargetBindOptions {
  return { grantee, concurrency, removalPolicy: RemovalPolicy.RETAIN, mapping: endpointMapping({ mapping: rules }) };
}

function bindTarget(target: EndpointTarget, concurrency = 1, rules: TraitMapping[] = [], stack = givenStack()) {
  const grantee = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const config = target._bind(stack, optionsOf(grantee, concurrency, rules));
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const { Statement } = readable(policy.Properties.PolicyDocument) as {
    Statement: { Action: string | string[]; Resource: string | string[]; Effect: string }[];
  };
  return { config, statements: Statement.map(({ Action, Resource }) => [[Action].flat(), Resource]), stack };
}

function bind(props: Partial<PinpointEndpointTargetProps> = {}, concurrency = 1) {
  const bound = bindTarget(EndpointTarget.pinpoint({ applicationId: APPLICATION_ID, ...props }), concurrency);
  return { ...bound, config: bound.config as PinpointEndpointTargetConfig };
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
      return (scope: string) => EndpointTarget.pinpoint({ applicationId: APPLICATION_ID })._bind(new Construct(stack, scope),
        optionsOf(new iam.Role(stack, `${scope}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })));
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

const DOMAIN = 'amazon-connect-shop';
const DOMAIN_ARN = `arn:<AWS::Partition>:profile:<AWS::Region>:<AWS::AccountId>:domains/${DOMAIN}`;

function bindProfiles(props: Partial<CustomerProfilesEndpointTargetProps> = {}, concurrency = 1, rules: TraitMapping[] = [], stack = givenStack()) {
  return bindTarget(EndpointTarget.customerProfiles({ domainName: DOMAIN, ...props }), concurrency, rules, stack);
}

function typesOf(stack: Stack): Record<string, any> {
  return Object.fromEntries(Object.values(Template.fromStack(stack).findResources('AWS::CustomerProfiles::ObjectType'))
    .map(({ Properties, ...rest }) => [Properties.ObjectTypeName, { ...Properties, ...rest }]));
}

const targetOf = (type: any, name: string): string | undefined => type.Fields.find(({ Name }: any) => Name === name)?.ObjectTypeField.Target;

describe('Amazon Connect Customer Profiles', () => {
  test('writes objects of two types, finds and deletes profiles, and nothing else', () => {
    const { config, statements } = bindProfiles({}, 4);
    expect(config).toEqual({
      kind: 'customerProfiles', domainName: DOMAIN, userObjectType: 'CdpUser', eventObjectType: 'CdpEvent', attributes: ['Name'], metrics: [],
      requestsPerSecond: { putProfileObject: 25, searchProfiles: 25, deleteProfile: 25 },
    });
    expect(statements).toEqual([
      [['profile:PutProfileObject'], [DOMAIN_ARN, `${DOMAIN_ARN}/object-types/CdpUser`, `${DOMAIN_ARN}/object-types/CdpEvent`]],
      [['profile:DeleteProfile', 'profile:SearchProfiles'], DOMAIN_ARN],
    ]);
  });

  test('only the id of the user leads to a profile; addresses are for searching', () => {
    const { CdpUser, CdpEvent } = typesOf(bindProfiles().stack);
    const key = (Name: string, ...list: object[]) => ({ Name, ObjectTypeKeyList: list });
    expect(CdpUser.Keys).toEqual([
      key('cdpUserId', { FieldNames: ['userId'], StandardIdentifiers: ['PROFILE', 'UNIQUE'] }),
      key('_email', { FieldNames: ['EmailAddress'] }, { FieldNames: ['PersonalEmailAddress'] }, { FieldNames: ['BusinessEmailAddress'] }),
      key('_phone', ...['PhoneNumber', 'HomePhoneNumber', 'MobilePhoneNumber', 'BusinessPhoneNumber'].map((name) => ({ FieldNames: [name] }))),
    ]);
    expect(CdpEvent.Keys).toEqual([
      key('cdpEventId', { FieldNames: ['eventId'], StandardIdentifiers: ['UNIQUE'] }),
      key('cdpUserId', { FieldNames: ['userId'], StandardIdentifiers: ['PROFILE'] }),
    ]);
    expect(CdpUser).toMatchObject({ ExpirationDays: 1098, AllowProfileCreation: true, SourcePriority: 1, DeletionPolicy: 'Retain' });
    expect(CdpEvent).toMatchObject({ ExpirationDays: 90, AllowProfileCreation: true, MaxProfileObjectCount: 500, DeletionPolicy: 'Retain' });
  });

  test('every field of an object has its place in the profile, and each place one field', () => {
    const { CdpUser, CdpEvent } = typesOf(bindProfiles({ attributes: ['plan'], metrics: ['ltv'] }).stack);
    expect(['userId', 'cdpUserId', 'EmailAddress', 'EmailAddress_4', 'PhoneNumber', 'DeviceToken_10', 'OptOut_EmailAddress', 'ChannelType_PhoneNumber',
      'EndpointId_DeviceToken_1', 'FirstName', 'Province', 'Demographic_Locale', 'Attributes_plan', 'Metrics_ltv'].map((name) => targetOf(CdpUser, name)))
      .toEqual(['_profile.AccountNumber', '_profile.Attributes.cdpUserId', '_profile.EmailAddress', '_profile.Attributes.EmailAddress_4',
        '_profile.PhoneNumber', '_profile.Attributes.DeviceToken_10', '_profile.Attributes.OptOut_EmailAddress',
        '_profile.Attributes.ChannelType_PhoneNumber', '_profile.Attributes.EndpointId_DeviceToken_1', '_profile.FirstName', '_profile.Address.Province',
        '_profile.Attributes.Demographic_Locale', '_profile.Attributes.plan', '_profile.Attributes.Metrics_ltv']);
    const targets = CdpUser.Fields.map(({ ObjectTypeField }: any) => ObjectTypeField.Target);
    expect(new Set(targets).size).toBe(targets.length);
    expect(CdpEvent.Fields.map(({ Name, ObjectTypeField: { Target } }: any) => [Name, Target])).toEqual([
      ['userId', '_profile.AccountNumber'], ['cdpUserId', '_profile.Attributes.cdpUserId'],
      ['eventId', undefined], ['eventType', undefined], ['timestamp', undefined],
    ]);
  });

  test('what a rule writes has a field', () => {
    const rules = [TraitMapping.userAttribute('tier', { name: 'Tier' }), TraitMapping.endpointAttribute('news'), TraitMapping.metric('ltv')];
    const { config, stack } = bindProfiles({ attributes: ['plan', 'FirstName'] }, 1, rules);
    expect(config).toMatchObject({ attributes: ['Name', 'plan', 'Tier', 'news'], metrics: ['ltv'] });
    expect(targetOf(typesOf(stack).CdpUser, 'Attributes_Tier')).toBe('_profile.Attributes.Tier');
  });

  test('250 fields are room for 131 names besides Name, and not for one more', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
    expect(typesOf(bindProfiles({ attributes: names(131) }).stack).CdpUser.Fields).toHaveLength(250);
    expect(() => bindProfiles({ attributes: names(131), metrics: ['m'] })).toThrow(/`attributes` must have room for at most 132 names.*got: 133/);
  });

  test('names, times and counts of one\'s own', () => {
    const { config, stack } = bindProfiles({
      userObjectTypeName: 'Person', eventObjectTypeName: 'Deed', userExpiration: Duration.days(30), eventExpiration: Duration.days(1), maxEventsPerProfile: 1000,
    });
    expect(config).toMatchObject({ userObjectType: 'Person', eventObjectType: 'Deed' });
    expect(typesOf(stack)).toMatchObject({ Person: { ExpirationDays: 30 }, Deed: { ExpirationDays: 1, MaxProfileObjectCount: 1000 } });
  });

  test.each<[Partial<CustomerProfilesEndpointTargetProps>, string]>([
    [{ domainName: 'arn:aws:profile:eu-west-1:111122223333:domains/x' }, '`domainName` must have 1 to 64 letters'],
    [{ domainName: 'x'.repeat(65) }, '`domainName` must have 1 to 64 letters'],
    [{ userObjectTypeName: '_CdpUser' }, '`userObjectTypeName` must start with a letter'],
    [{ userObjectTypeName: 'Same', eventObjectTypeName: 'Same' }, '`eventObjectTypeName` must not be that of the users'],
    [{ userExpiration: Duration.days(1099) }, '`userExpiration` must be whole days from 1 to 1098'],
    [{ eventExpiration: Duration.hours(36) }, '`eventExpiration` must be whole days from 1 to 1098'],
    [{ maxEventsPerProfile: 1001 }, '`maxEventsPerProfile` must be a whole number from 1 to 1000'],
    [{ attributes: ['my plan'] }, '`attributes` must name attributes of 1 to 50'],
    [{ attributes: ['x'.repeat(51)] }, '`attributes` must name attributes of 1 to 50'],
    [{ metrics: ['a.b'] }, '`metrics` must name attributes of 1 to 50'],
    [{ attributes: ['OptOut_EmailAddress'] }, '`attributes` must not name an attribute that the construct writes itself'],
    [{ attributes: ['cdpUserId'] }, '`attributes` must not name an attribute that the construct writes itself'],
    [{ attributes: ['Metrics_x'], metrics: ['x'] }, '`attributes` must not name an attribute that the construct writes itself'],
  ])('fails with %p', (props, message) => {
    expect(() => bindProfiles(props)).toThrow(message);
  });

  const warningsIn = (stack: Stack, id: string) => Assertions.fromStack(stack).findWarning('*', Match.stringLikeRegexp(id)).map(({ entry }) => String(entry.data));

  test.each<[string, string | undefined, string[]]>([
    ['of a name that campaigns can use', 'amazon-connect-shop', []],
    ['of another name', 'shop', [expect.stringContaining("can't use the domain 'shop'")]],
  ])('a domain %s', (_, domainName, warnings) => {
    expect(warningsIn(bindProfiles({ domainName }).stack, 'customerProfilesDomainName')).toEqual(warnings);
  });

  test.each<[string, object, string[]]>([
    ['off', { matching: { enabled: false }, ruleBasedMatching: { enabled: false } }, []],
    ['left out', {}, []],
    ['on by machine learning', { matching: { enabled: true } }, [expect.stringContaining('Identity resolution is on in the domain')]],
    ['on by rules', { ruleBasedMatching: { enabled: true } }, [expect.stringContaining('Identity resolution is on in the domain')]],
    ['only known at deployment', { matching: { enabled: Lazy.any({ produce: () => true }) } }, [expect.stringContaining('Identity resolution is on')]],
  ])('identity resolution that is %s in a domain of the app', (_, props, warnings) => {
    for (const byName of [true, false]) {
      const stack = givenStack();
      const domain = new CfnDomain(stack, 'Domain', { domainName: DOMAIN, defaultExpirationDays: 366, ...props });
      bindProfiles({ domainName: byName ? DOMAIN : domain.ref }, 1, [], stack);
      expect(warningsIn(stack, 'customerProfilesIdentityResolution')).toEqual(warnings);
      expect(warningsIn(stack, 'customerProfilesDomainName')).toEqual([]);
    }
  });

  test('identity resolution of a domain that is not in the app can not be seen; the warning can be acknowledged', () => {
    const { stack } = bindProfiles();
    expect(warningsIn(stack, 'customerProfilesIdentityResolution')).toEqual([expect.stringContaining("can't be seen here and must be off")]);
    Annotations.of(stack).acknowledgeWarning('cdk-cdp-engagement:customerProfilesIdentityResolution');
    expect(warningsIn(stack, 'customerProfilesIdentityResolution')).toEqual([]);
  });

  test('warns of a second construct that takes the quotas, and not beside one of Amazon Pinpoint', () => {
    const stack = givenStack();
    const role = new iam.Role(stack, 'R', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const profiles = EndpointTarget.customerProfiles({ domainName: DOMAIN });
    EndpointTarget.pinpoint({ applicationId: APPLICATION_ID })._bind(new Construct(stack, 'P'), optionsOf(role));
    profiles._bind(new Construct(stack, 'A'), optionsOf(role));
    expect(warningsIn(stack, 'QuotasTakenTwice')).toEqual([]);
    profiles._bind(new Construct(stack, 'B'), optionsOf(role));
    expect(warningsIn(stack, 'customerProfilesQuotasTakenTwice')).toEqual([expect.stringContaining('Stack/A takes the quotas of Amazon Connect Customer Profiles')]);
  });
});

describe('several at once', () => {
  const pinpoint = EndpointTarget.pinpoint({ applicationId: APPLICATION_ID });
  const profiles = EndpointTarget.customerProfiles({ domainName: DOMAIN });

  test('each is granted what it needs, and keeps its place', () => {
    const { config, statements } = bindTarget(EndpointTarget.all([profiles, pinpoint]));
    expect(config).toMatchObject({ kind: 'all', targets: [{ kind: 'customerProfiles' }, { kind: 'pinpoint' }] });
    expect(statements).toEqual([...bindTarget(profiles).statements, ...bindTarget(pinpoint).statements]);
  });

  test('the order and the company change no logical id', () => {
    const idsOf = (target: EndpointTarget) => Object.keys(Template.fromStack(bindTarget(target).stack).findResources('AWS::CustomerProfiles::ObjectType'));
    expect(idsOf(EndpointTarget.all([pinpoint, profiles]))).toEqual(idsOf(profiles));
  });

  test('one is not several, and lists do not nest', () => {
    expect(() => EndpointTarget.all([pinpoint])).toThrow('`targets` must be at least two, got: 1');
    expect(() => EndpointTarget.all([pinpoint, EndpointTarget.all([pinpoint, profiles])])).toThrow('`targets` must be services');
  });
});
