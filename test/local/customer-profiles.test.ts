import {
  BatchGetProfileCommand, CustomerProfilesClient, DeleteProfileCommand, PutProfileObjectCommand, SearchProfilesCommand, UpdateProfileCommand,
} from '@aws-sdk/client-customer-profiles';
import { AdmissionOptions } from '../../local/admission';
import { parseFaults } from '../../local/faults';
import { Gateway } from '../../local/gateway';
import { Keys } from '../../local/iam/keys';
import { Statement } from '../../local/iam/policy';
import { Recorder } from '../../local/recorder';
import { customerProfilesDomain } from '../../local/resources/customerprofiles-domain';
import { customerProfilesEventStream } from '../../local/resources/customerprofiles-event-stream';
import { customerProfilesObjectType } from '../../local/resources/customerprofiles-object-type';
import { customerProfilesSegmentDefinition } from '../../local/resources/customerprofiles-segment-definition';
import { World } from '../../local/resources/handler';
import { CustomerProfiles, profilesQuota } from '../../local/services/customer-profiles/customer-profiles';
import { VISIBLE_AFTER_MILLIS } from '../../local/services/customer-profiles/domain';
import { FieldSpec, KeySpec, ObjectTypeSpec } from '../../local/services/customer-profiles/object-type';

const DOMAIN = 'amazon-connect-shop';
const field = (name: string, target?: string, contentType = 'STRING'): FieldSpec => ({ name, source: `_source.${name}`, target, contentType });
const key = (name: string, fieldName: string, ...identifiers: string[]): KeySpec => ({ name, fieldNames: [fieldName], identifiers });
const USER: ObjectTypeSpec = {
  name: 'User', description: 'users', allowProfileCreation: true, expirationDays: 30,
  fields: [field('id', '_profile.AccountNumber'), field('email', '_profile.EmailAddress', 'EMAIL_ADDRESS'), field('city', '_profile.Address.City'),
    field('zip', '_profile.Address.PostalCode'), field('plan', '_profile.Attributes.plan')],
  keys: [key('userId', 'id', 'PROFILE', 'UNIQUE'), key('_email', 'email')],
};
const EVENT: ObjectTypeSpec = {
  name: 'Event', description: 'events', allowProfileCreation: false, expirationDays: 30, maxProfileObjectCount: 2,
  fields: [field('eventId'), field('id')], keys: [key('eventId', 'eventId', 'UNIQUE'), key('userId', 'id', 'PROFILE')],
};

let clock = 0;
let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

async function start(options: Partial<Pick<AdmissionOptions, 'faults' | 'quota'>> & { statements?: readonly Statement[] } = {}) {
  const service = new CustomerProfiles(() => clock);
  const domain = service.domain(DOMAIN);
  domain.putObjectType(USER);
  domain.putObjectType(EVENT);
  const [recorder, keys] = [new Recorder(), new Keys()];
  gateway = await Gateway.start({ service, recorder, keys, statementsOf: () => options.statements ?? [], ...options });
  const clientOf = (roleId?: string) => new CustomerProfilesClient({
    endpoint: gateway!.url, region: 'us-east-1', credentials: keys.issue({ construct: roleId ?? 'local', roleId }), maxAttempts: 1,
  });
  const client = clientOf();
  const put = async (ObjectTypeName: string, object: object | string, DomainName = DOMAIN) => client.send(new PutProfileObjectCommand(
    { DomainName, ObjectTypeName, Object: typeof object === 'string' ? object : JSON.stringify(object) }));
  const search = async (KeyName: string, ...Values: string[]) =>
    (await client.send(new SearchProfilesCommand({ DomainName: DOMAIN, KeyName, Values }))).Items!.map(({ ProfileId: _, ...profile }) => profile);
  return { service, recorder, client, clientOf, put, search, settle: () => { clock += VISIBLE_AFTER_MILLIS; } };
}

test('what is put shows up later; an object is replaced, a profile accumulates, and an empty value says nothing', async () => {
  const { put, search, settle, service } = await start();
  expect(await put('User', { id: 'u', email: 'u@example.com', city: 'Oslo', plan: 'gold' })).toMatchObject({ ProfileObjectUniqueKey: 'u' });
  expect(await search('userId', 'u')).toEqual([]);
  settle();
  await put('User', { id: 'u', zip: '0150', plan: '' });
  settle();
  expect(await search('userId', 'u')).toEqual([
    { AccountNumber: 'u', EmailAddress: 'u@example.com', Address: { City: 'Oslo', PostalCode: '0150' }, Attributes: { plan: 'gold' } },
  ]);
  expect(service.content()[DOMAIN]!.objects.User).toEqual([{ id: 'u', zip: '0150', plan: '' }]);
});

test('only keys that identify a profile lead to one; others find it', async () => {
  const { put, search, settle } = await start();
  await put('User', { id: 'u', email: 'shared@example.com' });
  await put('User', { id: 'v', email: 'shared@example.com' });
  settle();
  expect((await search('_email', 'shared@example.com')).map(({ AccountNumber }) => AccountNumber)).toEqual(['u', 'v']);
});

test('a type that may not create profiles waits for nobody; the oldest objects make room', async () => {
  const { put, settle, service } = await start();
  await put('Event', { eventId: 'early', id: 'u' });
  await put('User', { id: 'u' });
  settle();
  for (const eventId of ['e1', 'e2', 'e1', 'e3']) await put('Event', { eventId, id: 'u', n: eventId });
  expect(service.content()[DOMAIN]!.objects.Event).toEqual([{ eventId: 'e1', id: 'u', n: 'e1' }, { eventId: 'e3', id: 'u', n: 'e3' }]);
  expect(service.problems).toEqual([expect.stringContaining('an object Event was rejected: no key leads to one profile')]);
});

test('a deleted profile is gone with its objects and its keys', async () => {
  const { put, client, search, settle, service } = await start();
  await put('User', { id: 'u' });
  settle();
  const { Items } = await client.send(new SearchProfilesCommand({ DomainName: DOMAIN, KeyName: 'userId', Values: ['u'] }));
  const gone = new DeleteProfileCommand({ DomainName: DOMAIN, ProfileId: Items![0]!.ProfileId });
  await client.send(gone);
  expect(await search('userId', 'u')).toEqual([]);
  expect(service.content()[DOMAIN]).toEqual({ profiles: [], objects: { User: [], Event: [] }, segments: [] });
  await expect(client.send(gone)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test.each<[string, string, object | string, string | undefined, string]>([
  ['no JSON', 'User', '{', undefined, 'Object is not JSON'],
  ['no object', 'User', '[]', undefined, 'Object is not a JSON object'],
  ['no unique key', 'User', { email: 'a@example.com' }, undefined, 'no value for its unique key'],
  ['an empty unique key', 'User', { id: '' }, undefined, 'no value for its unique key'],
  ['a value that is too long', 'User', { id: 'u', plan: 'x'.repeat(256) }, undefined, 'the value of plan has more than 255 characters'],
  ['a value that is none', 'User', { id: 'u', plan: ['a'] }, undefined, '_source.plan is neither a text nor a number'],
  ['an object that is too long', 'User', JSON.stringify({ id: 'u', x: 'x'.repeat(256_000) }), undefined, 'Object has 1 to 256000 characters'],
  ['an unknown type', 'Nobody', { id: 'u' }, undefined, 'does not exist'],
  ['an unknown domain', 'User', { id: 'u' }, 'elsewhere', 'does not exist'],
])('refuses %s', async (_, type, object, domain, message) => {
  const { put } = await start();
  await expect(put(type, object, domain)).rejects.toThrow(message);
});

test('refuses an unknown key, what the model does not have, and operations that are not emulated', async () => {
  const { search, client, recorder } = await start();
  await expect(search('nobody', 'u')).rejects.toThrow('no object type of the domain has a key nobody');
  await expect(search('userId')).rejects.toThrow('Values is empty');
  await expect(client.send(new PutProfileObjectCommand({ DomainName: DOMAIN, ObjectTypeName: 'User', Object: undefined }))).rejects.toThrow();
  await expect(client.send(new UpdateProfileCommand({ DomainName: DOMAIN, ProfileId: 'p' }))).rejects.toThrow();
  expect(recorder.refused).toEqual([expect.objectContaining({ service: 'customer_profiles', operation: 'UpdateProfile' })]);
});

test('an object is put with the permission for the domain and for its type', async () => {
  const arn = `arn:aws:profile:us-east-1:123456789012:domains/${DOMAIN}`;
  const allow = (...resources: string[]): Statement[] => [{ Effect: 'Allow', Action: 'profile:PutProfileObject', Resource: resources }] as never;
  for (const [resources, allowed] of [[[arn, `${arn}/object-types/User`], true], [[arn], false], [[`${arn}/object-types/User`], false]] as const) {
    const { clientOf } = await start({ statements: allow(...resources) });
    const sent = clientOf('Role').send(new PutProfileObjectCommand({ DomainName: DOMAIN, ObjectTypeName: 'User', Object: '{"id":"u"}' }));
    await (allowed ? expect(sent).resolves.toBeDefined() : expect(sent).rejects.toMatchObject({ name: 'AccessDeniedException' }));
    await gateway!.close();
  }
});

test('faults and quotas speak as the service does', async () => {
  const { put } = await start({ faults: parseFaults('PutProfileObject:400x1,PutProfileObject:429x1,PutProfileObject:500x1'), quota: profilesQuota(() => 0) });
  await expect(put('User', { id: 'u' })).rejects.toMatchObject({ name: 'BadRequestException', message: expect.stringContaining('concurrent update in-progress') });
  await expect(put('User', { id: 'u' })).rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
  await expect(put('User', { id: 'u' })).rejects.toMatchObject({ name: 'InternalServerException' });
  for (let count = 0; count < 100; count += 1) await put('User', { id: 'u' });
  await expect(put('User', { id: 'u' })).rejects.toMatchObject({ name: 'ThrottlingException' });
});

describe('BatchGetProfile', () => {
  const idOf = (index: number) => index.toString(16).padStart(32, '0');
  const get = (client: CustomerProfilesClient, ProfileIds: string[], DomainName = DOMAIN) => client.send(new BatchGetProfileCommand({ DomainName, ProfileIds }));

  test('finds those that there are, and says which there are not', async () => {
    const { client, put, settle, service } = await start();
    await put('User', { id: 'u', email: 'u@example.com' });
    settle();
    const [{ ProfileId }] = service.domain(DOMAIN).search('userId', ['u']);
    expect(service.domain(DOMAIN).get([ProfileId])).toHaveLength(1);
    const { Profiles, Errors } = await get(client, [ProfileId, idOf(1)]);
    expect(Profiles).toEqual([{ ProfileId, AccountNumber: 'u', EmailAddress: 'u@example.com' }]);
    expect(Errors).toEqual([{ Code: '404', Message: 'the profile does not exist', ProfileId: idOf(1) }]);
  });

  test('takes 20 ids and no more, and none that can not be one', async () => {
    const { client } = await start();
    const ids = (count: number) => Array.from({ length: count }, (_, index) => idOf(index));
    expect((await get(client, ids(20))).Errors).toHaveLength(20);
    await expect(get(client, ids(21))).rejects.toThrow('ProfileIds has 1 to 20 ids, got 21');
    await expect(get(client, [])).rejects.toThrow('ProfileIds has 1 to 20 ids, got 0');
    for (const id of ['u', idOf(10).toUpperCase(), `${idOf(1)}0`]) await expect(get(client, [id])).rejects.toThrow('is no id of a profile');
    await expect(get(client, [idOf(1)], 'elsewhere')).rejects.toThrow('does not exist');
  });

  test('is allowed for the domain', async () => {
    const arn = `arn:aws:profile:us-east-1:123456789012:domains/${DOMAIN}`;
    for (const [resource, allowed] of [[arn, true], [`${arn}/object-types/User`, false], [`${arn}2`, false]] as const) {
      const { clientOf } = await start({ statements: [{ Effect: 'Allow', Action: 'profile:BatchGetProfile', Resource: resource }] as never });
      const got = get(clientOf('Role'), [idOf(1)]);
      await (allowed ? expect(got).resolves.toBeDefined() : expect(got).rejects.toMatchObject({ name: 'AccessDeniedException' }));
      await gateway!.close();
    }
  });
});

describe('the event stream of a domain', () => {
  test('tells of every object and of what it makes of a profile, once it is visible', async () => {
    const { put, service, settle } = await start();
    const domain = service.domain(DOMAIN);
    const changes: object[] = [];
    domain.publish = (some) => void changes.push(...some);
    await put('User', { id: 'u', plan: 'gold' });
    expect(changes).toEqual([]);
    settle();
    domain.settle();
    const [{ ProfileId }] = domain.search('userId', ['u']);
    const object = { objectType: 'User', isNew: true, profileId: ProfileId, uniqueKey: 'u', object: { id: 'u', plan: 'gold' } };
    expect(changes).toEqual([object, { objectType: '_profile', isNew: true, object: { ProfileId, AccountNumber: 'u', Attributes: { plan: 'gold' } } }]);
    changes.length = 0;
    await put('User', { id: 'u', plan: 'free' });
    await put('Event', { eventId: 'e', id: 'u' });
    settle();
    domain.settle();
    expect(changes).toMatchObject([
      { objectType: 'User', isNew: false }, { objectType: '_profile', isNew: false, object: { Attributes: { plan: 'free' } } },
      { objectType: 'Event', isNew: true, profileId: ProfileId, uniqueKey: 'e' }, { objectType: '_profile', isNew: false },
    ]);
    expect({ taken: domain.taken, over: domain.over }).toEqual({ taken: 3, over: 3 });
  });

  const create = (properties: object) => {
    const specs: object[] = [];
    const made = customerProfilesEventStream.create(
      { logicalId: 'S', path: 'Stack/S', name: 'S', type: 'AWS::CustomerProfiles::EventStream', stack: {} as never, properties: {
        DomainName: DOMAIN, EventStreamName: 'feedback', Uri: 'arn:aws:kinesis:us-east-1:123456789012:stream/Stream', ...properties,
      } as never },
      { addProfileStream: (spec) => void specs.push(spec) } as World);
    return { specs, made };
  };

  test('is made of its template', () => {
    expect(create({}).specs).toEqual([{ path: 'Stack/S', domainName: DOMAIN, streamName: 'Stream' }]);
  });

  test.each<[object, string]>([
    [{ Uri: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/S' }, 'Uri: expected the ARN of a Kinesis stream'],
    [{ Uri: undefined }, 'Uri is missing'],
    [{ EventStreamName: 'x'.repeat(65) }, 'is not a valid name'],
    [{ DomainName: undefined }, 'DomainName is missing'],
  ])('%j is refused', (properties, message) => expect(() => create(properties)).toThrow(message));
});

describe('a mapping', () => {
  const refuses = (changed: Partial<ObjectTypeSpec>) => expect(() => new CustomerProfiles().domain(DOMAIN).putObjectType({ ...USER, ...changed }));

  test.each<[string, Partial<ObjectTypeSpec>, string]>([
    ['a reserved name', { name: '_User' }, 'not a valid name'],
    ['no expiration', { expirationDays: 0 }, 'ExpirationDays is 1 to 1098'],
    ['an expiration that is too long', { expirationDays: 1099 }, 'ExpirationDays is 1 to 1098'],
    ['too many fields', { fields: Array.from({ length: 251 }, (_, index) => field(`f${index}`)) }, 'at most 250 fields'],
    ['two fields of a name', { fields: [...USER.fields, field('id')] }, 'field names are unique'],
    ['a target that a profile does not have', { fields: [field('id', '_profile.Mail')] }, 'a profile has no field Mail'],
    ['a target that is an address in whole', { fields: [field('id', '_profile.Address')] }, 'does not exist'],
    ['a target that is an id', { fields: [field('id', '_profile.ProfileId')] }, 'a profile has no field ProfileId'],
    ['a source that is a template', { fields: [{ name: 'id', source: '{{_source.id}}' }] }, 'templates are not emulated'],
    ['no unique key', { keys: [key('userId', 'id', 'PROFILE')] }, 'exactly one key is UNIQUE'],
    ['two unique keys', { keys: [key('userId', 'id', 'PROFILE', 'UNIQUE'), key('other', 'email', 'UNIQUE')] }, 'exactly one key is UNIQUE'],
    ['no key that leads to a profile', { keys: [key('userId', 'id', 'UNIQUE')] }, 'at least one key is PROFILE'],
    ['a key of a field that is not there', { keys: [key('userId', 'who', 'PROFILE', 'UNIQUE')] }, 'names a field that is not there'],
    ['an unknown identifier', { keys: [key('userId', 'id', 'PROFILE', 'UNIQUE', 'BEST')] }, 'unknown identifier BEST'],
    ['too many keys', { keys: Array.from({ length: 11 }, (_, index) => key(`k${index}`, 'id')) }, '1 to 10 keys'],
  ])('with %s is refused', (_, changed, message) => refuses(changed).toThrow(message));

  test('a key means the same in all types of a domain', () => {
    const domain = new CustomerProfiles().domain(DOMAIN);
    domain.putObjectType(USER);
    expect(() => domain.putObjectType({ ...EVENT, fields: [field('eventId'), field('id', undefined, 'NUMBER')] })).toThrow('the key userId has other content types in User');
  });
});

test('resources that are not emulated stop the run', () => {
  const made = (type: typeof customerProfilesDomain, properties: object) => () => type.create(
    { logicalId: 'R', path: 'Stack/R', type: type.type, properties: properties as never, name: 'R', stack: undefined as never },
    { createProfileDomain: () => undefined, createProfileObjectType: () => undefined } as unknown as World);
  expect(made(customerProfilesDomain, { DomainName: DOMAIN, DefaultExpirationDays: 30, Matching: { Enabled: true } })).toThrow('identity resolution is not emulated');
  expect(made(customerProfilesDomain, { DomainName: DOMAIN })).toThrow('DefaultExpirationDays is missing');
  expect(made(customerProfilesDomain, { DomainName: DOMAIN, DefaultExpirationDays: 30, RuleBasedMatching: { Enabled: false } })).not.toThrow();
  const type = { DomainName: DOMAIN, ObjectTypeName: 'T', Description: 'd', ExpirationDays: 1 };
  expect(made(customerProfilesObjectType, { ...type, Fields: 'x' })).toThrow('Fields: expected a list of objects');
  expect(made(customerProfilesObjectType, { ...type, Fields: [{ Name: 'a', Kind: 1 }] })).toThrow('Fields.Kind of AWS::CustomerProfiles::ObjectType is not emulated');
});

describe('segments', () => {
  const filter = (attributes: object, more: object = {}) => ({ Include: 'ALL', Groups: [{ Type: 'ALL', Dimensions: [{ ProfileAttributes: { Attributes: attributes } }], ...more }] });
  const VIP = { plan: { DimensionType: 'INCLUSIVE', Values: ['gold', 'black'] } };
  const create = (service: CustomerProfiles, properties: object) => customerProfilesSegmentDefinition.create(
    { logicalId: 'S', path: 'Stack/S', name: 'S', type: 'AWS::CustomerProfiles::SegmentDefinition', stack: {} as never, properties: {
      DomainName: DOMAIN, SegmentDefinitionName: 'vip', DisplayName: 'VIP', SegmentGroups: filter(VIP), ...properties,
    } as never },
    { createProfileSegment: (name, segment) => service.domain(name).putSegment(segment) } as World);

  test('holds whoever has one of the values now, and nobody without the attribute', async () => {
    const { service, put, settle } = await start();
    expect(await create(service, {})).toEqual({
      ref: expect.stringMatching(/^arn:aws:profile:/), attributes: { SegmentDefinitionArn: expect.stringMatching(/:domains\/amazon-connect-shop\/segment-definitions\/vip$/) },
    });
    for (const [id, plan] of [['b', 'gold'], ['a', 'black'], ['c', 'free'], ['d', '']]) await put('User', { id, plan });
    settle();
    expect(service.content()[DOMAIN]!.segments).toEqual([{ name: 'vip', displayName: 'VIP', members: ['a', 'b'] }]);
    await put('User', { id: 'a', plan: '-' });
    expect(service.content()[DOMAIN]!.segments[0]!.members).toEqual(['b']);
  });

  test.each<[object, string]>([
    [{ SegmentDefinitionName: 'a b' }, 'is not a valid name'],
    [{ SegmentDefinitionName: 'x'.repeat(65) }, 'is not a valid name'],
    [{ DisplayName: 'x'.repeat(256) }, 'DisplayName has 1 to 255'],
    [{ SegmentGroups: undefined }, 'Include undefined is not emulated'],
    [{ SegmentGroups: { ...filter(VIP), Include: 'ANY' } }, 'Include "ANY" is not emulated'],
    [{ SegmentGroups: filter(VIP, { Type: 'NONE' }) }, 'of the type "NONE" is not emulated'],
    [{ SegmentGroups: filter(VIP, { SourceType: 'ALL' }) }, 'Groups.SourceType of AWS::CustomerProfiles::SegmentDefinition is not emulated'],
    [{ SegmentGroups: { Include: 'ALL', Groups: [] } }, 'Groups: only a single one'],
    [{ SegmentGroups: filter({}) }, 'without a filter is not emulated'],
    [{ SegmentGroups: filter({ plan: { DimensionType: 'EXCLUSIVE', Values: ['gold'] } }) }, 'only filters of the type INCLUSIVE'],
    [{ SegmentGroups: filter({ plan: { DimensionType: 'INCLUSIVE', Values: 'gold' } }) }, 'is not a list of texts'],
    [{ SegmentGroups: filter({ plan: { DimensionType: 'INCLUSIVE', Values: [] } }) }, 'has 1 to 50 values'],
    [{ SegmentGroups: filter({ plan: { DimensionType: 'INCLUSIVE', Values: Array(51).fill('x') } }) }, 'has 1 to 50 values'],
    [{ SegmentGroups: filter({ plan: { DimensionType: 'INCLUSIVE', Values: [''] } }) }, 'is empty or too long'],
  ])('%j is refused', async (properties, message) => {
    const { service } = await start();
    expect(() => create(service, properties)).toThrow(message);
  });

  test('a name is taken once', async () => {
    const { service } = await start();
    await create(service, {});
    expect(() => create(service, {})).toThrow('has a segment vip already');
  });
});
