import { PutProfileObjectCommand, ResourceNotFoundException, SearchProfilesCommand, DeleteProfileCommand } from '@aws-sdk/client-customer-profiles';
import * as fc from 'fast-check';
import { mapping, OPT_OUT } from '../../support/mapping';
import { changesOf, deleteOf, identifyOf, profiles, trackOf } from '../../support/plans';
import { createProfilesTarget, mockProfiles, profileCalls, serviceError, takeAll, usersPut } from '../../support/profiles';
import { apply } from '../../support/target';

const stub = mockProfiles();
const BUSY = serviceError('BadRequestException', 400, 'There is a concurrent update in-progress for this profile');

const mailOf = (user: string, email = `${user}@example.com`) => identifyOf(user, { email });
const emailFields = (user: string, email = `${user}@example.com`) =>
  ({ userId: user, EmailAddress: email, EndpointId_EmailAddress: `${user}:EMAIL`, EndpointStatus_EmailAddress: 'ACTIVE' });

test('what a batch says of one user is one object: the newest wins per attribute', async () => {
  takeAll(stub);
  const changes = profiles(
    identifyOf('u', { email: 'old@example.com', plan: 'basic', firstName: 'Ann' }), mailOf('v'), identifyOf('u', { email: 'new@example.com', plan: 'gold' }),
  );
  expect(await apply(createProfilesTarget(), changes)).toEqual({
    outcomes: ['done', 'done', 'done'], counts: { EndpointsAccepted: 2, EndpointsCoalesced: 1 },
  });
  expect(usersPut(stub)).toEqual([
    { ...emailFields('u', 'new@example.com'), Attributes_plan: 'gold', FirstName: 'Ann' }, emailFields('v'),
  ]);
});

test('an event is an object of its own, unique by the id of its message, after what it says of its user', async () => {
  takeAll(stub);
  const event = trackOf('u', 'Order Completed', { properties: { total: 9.5, currency: 'EUR' }, context: { traits: { email: 'u@example.com' } } });
  const { outcomes, counts } = await apply(createProfilesTarget(), profiles(event));
  expect({ outcomes, counts }).toEqual({ outcomes: ['done'], counts: { EndpointsAccepted: 1, EventsAccepted: 1 } });
  expect(profileCalls(stub)).toEqual([
    'Search cdpUserId u',
    ['CdpUser', emailFields('u')],
    ['CdpEvent', {
      eventId: 'u-Order Completed', userId: 'u', eventType: 'Order Completed', timestamp: '2026-11-23T10:00:00.000Z',
      attributes: { currency: 'EUR' }, metrics: { total: 9.5 },
    }],
  ]);
});

test('an event of Amazon Pinpoint brings its endpoint, whose field the profile knows', async () => {
  takeAll(stub, { u: [{ ProfileId: 'p', AccountNumber: 'u', Attributes: { EndpointId_DeviceToken_2: 'e1', DeviceToken_2: 'old' } }] });
  const batch = { e1: { Endpoint: { ChannelType: 'GCM', Address: 'new', User: { UserId: 'u' } }, Events: { m1: { EventType: 'open', Session: { Id: 's' } } } } };
  expect((await apply(createProfilesTarget(), changesOf('pinpoint', [batch]))).outcomes).toEqual(['done']);
  expect(profileCalls(stub)).toEqual([
    'Search cdpUserId u',
    ['CdpUser', { userId: 'u', DeviceToken_2: 'new', EndpointId_DeviceToken_2: 'e1', ChannelType_DeviceToken_2: 'GCM', EndpointStatus_DeviceToken_2: 'ACTIVE' }],
    ['CdpEvent', expect.objectContaining({ eventId: 'e1/m1/2026-11-23T11:11:11.111Z', native: { Session: { Id: 's' } } })],
  ]);
});

test('events of Amazon Pinpoint do not replace each other, whose ids are keys of their requests', async () => {
  takeAll(stub);
  const request = (id: string, Timestamp: string) => ({ BatchItem: { [id]: {
    Endpoint: { ChannelType: 'EMAIL', Address: `${id}@example.com`, User: { UserId: id } }, Events: { event1: { EventType: 'open', Timestamp } },
  } } });
  const given = [request('u', '2026-11-23T10:00:00Z'), request('u', '2026-11-23T10:00:01Z'), request('v', '2026-11-23T10:00:00Z')];
  await apply(createProfilesTarget(), changesOf('pinpoint', given));
  expect(new Set(profileCalls(stub).flatMap((call: any) => call[0] === 'CdpEvent' ? [call[1].eventId] : [])).size).toBe(3);
});

test('an event that says that its user opted out of everything is believed, with or without an address', async () => {
  const said = async (traits: object) => {
    stub.reset();
    takeAll(stub);
    await apply(createProfilesTarget(), changesOf('segment', [trackOf('u', 'e', { context: { traits } })], mapping(OPT_OUT)));
    return Object.entries(usersPut(stub)[0] ?? {}).flatMap(([name, value]) => name.startsWith('OptOut_') ? [value] : []);
  };
  expect(await said({ unsubscribed: true })).toEqual(Array(21).fill('ALL'));
  expect(await said({ unsubscribed: true, email: 'u@example.com' })).toEqual(Array(21).fill('ALL'));
  expect(await said({ unsubscribed: false, email: 'u@example.com' })).toEqual(['NONE']);
  expect(await said({ unsubscribed: false })).toEqual([]);
});

test('a profile that does not show yet what was just written does not mislead', async () => {
  takeAll(stub);
  const target = createProfilesTarget();
  const endpoint = (Id: string) => ({ Id, ChannelType: 'EMAIL', Address: `${Id}@example.com`, User: { UserId: 'u' } });
  for (const id of ['e1', 'e2', 'e1']) await apply(target, changesOf('pinpoint', [endpoint(id)]));
  expect(usersPut(stub).map((object) => Object.keys(object)[1])).toEqual(['EmailAddress', 'PersonalEmailAddress', 'EmailAddress']);
});

describe('the first field, when another endpoint has it', () => {
  const mail = (Id: string, Address: string, OptOut?: string) => ({ Id, ChannelType: 'EMAIL', Address, OptOut, User: { UserId: 'u' } });
  const REPLAYED = { ProfileId: 'p', AccountNumber: 'u', EmailAddress: 'other@example.com', PersonalEmailAddress: 'Ana@example.com', Attributes: {
    EndpointId_EmailAddress: 'e1', OptOut_EmailAddress: 'NONE', EndpointStatus_EmailAddress: 'ACTIVE', EndpointId_PersonalEmailAddress: 'e2',
    OptOut_PersonalEmailAddress: 'ALL',
  } };

  test('of one record: it moves with all that is known of it, and no opt-out is lost', async () => {
    takeAll(stub);
    await apply(createProfilesTarget(), changesOf('pinpoint', [{ Item: [mail('0-imported', 'old@example.com', 'ALL'), mail('u:EMAIL', 'new@example.com', 'NONE')] }]));
    expect(usersPut(stub)).toEqual([{
      userId: 'u', EmailAddress: 'new@example.com', EndpointId_EmailAddress: 'u:EMAIL', EndpointStatus_EmailAddress: 'ACTIVE', OptOut_EmailAddress: 'NONE',
      PersonalEmailAddress: 'old@example.com', EndpointId_PersonalEmailAddress: '0-imported', EndpointStatus_PersonalEmailAddress: 'ACTIVE',
      OptOut_PersonalEmailAddress: 'ALL',
    }]);
  });

  const moved = { BusinessEmailAddress: 'other@example.com', EndpointId_BusinessEmailAddress: 'e1', OptOut_BusinessEmailAddress: 'NONE', EndpointStatus_BusinessEmailAddress: 'ACTIVE' };
  test.each<[string, object, object]>([
    ['an address that is opted out in another field stays opted out', {}, { OptOut_EmailAddress: 'ALL' }],
    ['unless the CDP says that it is opted in', { unsubscribed: false }, { OptOut_EmailAddress: 'NONE' }],
  ])('of the profile: %s', async (_, traits, consent) => {
    takeAll(stub, { u: [REPLAYED] });
    await apply(createProfilesTarget(), changesOf('segment', [identifyOf('u', { email: 'ana@example.com', ...traits })], mapping(OPT_OUT)));
    expect(usersPut(stub)).toEqual([{ ...emailFields('u', 'ana@example.com'), ...moved, ...consent }]);
  });

  test('of the same address the opt-out of the one is kept beside the opt-in of the other', async () => {
    takeAll(stub);
    const both = [mail('0-imported', 'ana@example.com', 'ALL'), mail('u:EMAIL', 'ana@example.com', 'NONE')];
    await apply(createProfilesTarget(), changesOf('pinpoint', [{ Item: both }]));
    expect(usersPut(stub)).toMatchObject([{ OptOut_EmailAddress: 'NONE', EndpointId_PersonalEmailAddress: '0-imported', OptOut_PersonalEmailAddress: 'ALL' }]);
  });

  test('it stays when its address is the same, and what was said of consent since is not taken back', async () => {
    takeAll(stub, { u: [{ ...REPLAYED, EmailAddress: 'ana@example.com' }] });
    await apply(createProfilesTarget(), profiles(mailOf('u', 'ana@example.com')));
    expect(usersPut(stub)).toEqual([emailFields('u', 'ana@example.com')]);
  });

  test('a profile that was merged with another user\'s keeps the other\'s addresses', async () => {
    takeAll(stub, { u: [{ ...REPLAYED, AccountNumber: 'v' }] });
    await apply(createProfilesTarget(), changesOf('pinpoint', [mail('e3', 'new@example.com')]));
    expect(usersPut(stub)).toEqual([expect.objectContaining({ BusinessEmailAddress: 'new@example.com', EndpointId_BusinessEmailAddress: 'e3' })]);
  });
});

test('a change that is refused takes no field', async () => {
  takeAll(stub);
  const mail = (Id: string, Address: string) => ({ Id, ChannelType: 'EMAIL', Address, User: { UserId: 'u' } });
  const { outcomes } = await apply(createProfilesTarget(), changesOf('pinpoint', [{ Item: [mail('e1', 'x'.repeat(256)), mail('e2', 'a@example.com')] }]));
  expect(outcomes).toEqual(['rejected AddressTooLong', 'done']);
  expect(usersPut(stub)).toEqual([expect.objectContaining({ EmailAddress: 'a@example.com', EndpointId_EmailAddress: 'e2' })]);
});

test('a user whose object is too large is refused, and the others are written', async () => {
  takeAll(stub);
  const attributes = Array.from({ length: 131 }, (_, index) => `${'a'.repeat(46)}${index}`);
  // JSON writes each of these characters with six, and a name may be as long as 50.
  const traits = Object.fromEntries(attributes.map((name) => [name, '\u0001'.repeat(255)]));
  const { outcomes } = await apply(createProfilesTarget({ attributes: [...attributes, ...attributes.map((name) => `b${name}`)] }), profiles(
    identifyOf('u', { ...traits, ...Object.fromEntries(Object.entries(traits).map(([name, value]) => [`b${name}`, value])) }), mailOf('v')));
  expect(outcomes).toEqual(['rejected ObjectTooLarge', 'done']);
});

describe('what the service answers', () => {
  const ONE = profiles(mailOf('u'), trackOf('u'), mailOf('v'));

  test.each<[string, Error, string[]]>([
    ['throttling', serviceError('ThrottlingException', 429), ['retry ThrottlingException', 'retry Postponed', 'done']],
    ['a failure of its own', serviceError('InternalServerException', 500), ['retry InternalServerException', 'retry Postponed', 'done']],
    ['a broken connection', Object.assign(new Error('reset'), { name: 'TimeoutError' }), ['retry TimeoutError', 'retry Postponed', 'done']],
    ['a bad request', serviceError('BadRequestException', 400, 'wrong'), ['rejected BadRequestException', 'done', 'done']],
  ])('%s concerns the user alone, whose order is kept', async (_, error, outcomes) => {
    takeAll(stub);
    stub.on(PutProfileObjectCommand).callsFake(({ ObjectTypeName, Object: object }) => {
      if (ObjectTypeName === 'CdpUser' && JSON.parse(object).userId === 'u') throw error;
      return {};
    });
    expect((await apply(createProfilesTarget(), ONE)).outcomes).toEqual(outcomes);
  });

  test.each<[string, Error]>([
    ['no such domain or object type', serviceError('ResourceNotFoundException', 404)], ['no permission', serviceError('AccessDeniedException', 403)],
  ])('%s: the deployment is wrong, and fails loudly', async (_, error) => {
    takeAll(stub);
    stub.on(PutProfileObjectCommand).rejects(error);
    await expect(apply(createProfilesTarget(), ONE)).rejects.toThrow('Amazon Connect Customer Profiles refuses this deployment');
  });

  test('a concurrent update is waited for', async () => {
    takeAll(stub);
    stub.on(PutProfileObjectCommand).rejectsOnce(BUSY).rejectsOnce(BUSY).resolves({});
    expect((await apply(createProfilesTarget(), profiles(mailOf('u')))).outcomes).toEqual(['done']);
    expect(usersPut(stub)).toHaveLength(3);
  });

  test('a concurrent update that does not end is left to the stream, in time', async () => {
    takeAll(stub);
    stub.on(PutProfileObjectCommand).rejects(BUSY);
    expect((await apply(createProfilesTarget(), profiles(mailOf('u')), 300)).outcomes.map((outcome) => outcome.split(' ')[0])).toEqual(['retry']);
  });

  test('of a refused object only the guilty change is refused', async () => {
    stub.on(PutProfileObjectCommand).callsFake(({ Object: object }) => {
      if (object.includes('bad')) throw serviceError('BadRequestException', 400);
      return {};
    });
    const changes = profiles(identifyOf('u', { plan: 'a' }), identifyOf('u', { plan: 'bad' }), identifyOf('u', { tags: 'b' }));
    expect((await apply(createProfilesTarget(), changes)).outcomes).toEqual(['done', 'rejected BadRequestException', 'done']);
    expect(usersPut(stub).slice(1).map(({ userId, ...rest }) => rest)).toEqual([{ Attributes_plan: 'a' }, { Attributes_plan: 'bad' }, { Attributes_tags: 'b' }]);
  });

  test('a search that fails leaves the user to the stream', async () => {
    takeAll(stub);
    stub.on(SearchProfilesCommand).rejects(serviceError('ThrottlingException', 429));
    const item = { Id: 'e', ChannelType: 'EMAIL', Address: 'a@example.com', User: { UserId: 'u' } };
    expect((await apply(createProfilesTarget(), [...changesOf('pinpoint', [item]), ...profiles(identifyOf('v', { plan: 'a' }))])).outcomes)
      .toEqual(['retry LookUpFailed', 'done']);
  });

  test('a search that is refused refuses what needs it, and nothing is guessed', async () => {
    takeAll(stub);
    stub.on(SearchProfilesCommand).rejects(serviceError('BadRequestException', 400));
    const item = { Id: 'e', ChannelType: 'EMAIL', Address: 'a@example.com', User: { UserId: 'u' } };
    expect((await apply(createProfilesTarget(), [...changesOf('pinpoint', [item]), ...profiles(identifyOf('u', { plan: 'a' }))])).outcomes)
      .toEqual(['rejected BadRequestException', 'done']);
    expect(usersPut(stub)).toEqual([{ userId: 'u', Attributes_plan: 'a' }]);
  });
});

test('what can not be written is refused before anything is sent', async () => {
  takeAll(stub);
  const long = 'x'.repeat(256);
  const sized = (bytes: number) => trackOf('v', 'e', { messageId: `m${bytes}`, properties: { text: 'x'.repeat(bytes) } });
  const overhead = JSON.stringify({ eventId: 'm256000', userId: 'v', eventType: 'e', timestamp: '2026-11-23T10:00:00.000Z', attributes: { text: '' }, metrics: {} }).length;
  const changes = [
    ...profiles(mailOf(long, 'a@example.com'), mailOf('x'.repeat(255), 'a@example.com'), identifyOf('w', { unknown: 1 }), trackOf('v', 'e', { messageId: long })),
    ...profiles(sized(256_000 - overhead), sized(256_001 - overhead)),
    ...changesOf('pinpoint', [{ Id: 'e', ChannelType: 'EMAIL', Address: 'a@example.com' }]),
  ];
  expect((await apply(createProfilesTarget(), changes)).outcomes).toEqual([
    'rejected InvalidId', 'done', 'dropped NothingToChange', 'rejected InvalidId', 'done', 'rejected ObjectTooLarge', 'rejected MissingUserId',
  ]);
});

describe('a user who is to be deleted', () => {
  const profile = { ProfileId: 'p1', AccountNumber: 'u', Attributes: { cdpUserId: 'u' } };

  test('is deleted, with what came before and apart from what comes after', async () => {
    takeAll(stub);
    // What was put before the deletion makes a profile again when it is applied after it.
    const answers = [[], [profile, { ProfileId: 'p2' }], [{ ...profile, ProfileId: 'p3' }]];
    stub.on(SearchProfilesCommand).callsFake(() => ({ Items: answers.shift() ?? [] }));
    const changes = [...profiles(mailOf('u', 'a@example.com')), ...profiles(deleteOf('u')), ...profiles(mailOf('u', 'b@example.com'))];
    expect((await apply(createProfilesTarget(), changes)).outcomes).toEqual(['done', 'done', 'done']);
    expect(profileCalls(stub).filter((call) => !String(call).startsWith('Search'))).toEqual([
      ['CdpUser', emailFields('u', 'a@example.com')], 'Delete p1', 'Delete p2', 'Delete p3', ['CdpUser', emailFields('u', 'b@example.com')],
    ]);
  }, 15_000);

  test('is deleted again when an object shows afterward that another instance had put', async () => {
    takeAll(stub);
    const answers = [[profile], [{ ...profile, ProfileId: 'p2' }, { ...profile, ProfileId: 'p3', AccountNumber: 'v' }]];
    stub.on(SearchProfilesCommand).callsFake(() => ({ Items: answers.shift() ?? [] }));
    const start = Date.now();
    expect((await apply(createProfilesTarget(), profiles(deleteOf('u')))).outcomes).toEqual(['done']);
    expect(profileCalls(stub)).toEqual(['Search cdpUserId u', 'Delete p1', 'Search cdpUserId u', 'Delete p2']);
    expect(Date.now() - start).toBeGreaterThanOrEqual(4_190);
  }, 15_000);

  test('has all pages of profiles deleted', async () => {
    takeAll(stub);
    stub.on(SearchProfilesCommand).resolvesOnce({ Items: [profile], NextToken: 't' }).resolvesOnce({ Items: [{ ...profile, ProfileId: 'p2' }] }).resolves({ Items: [] });
    expect((await apply(createProfilesTarget(), profiles(deleteOf('u')))).outcomes).toEqual(['done']);
    expect(profileCalls(stub).slice(0, 4)).toEqual(['Search cdpUserId u', 'Search cdpUserId u', 'Delete p1', 'Delete p2']);
  }, 15_000);

  test('needs no search for what comes afterwards: nothing is left', async () => {
    takeAll(stub, { u: [profile] });
    const target = createProfilesTarget();
    const endpoint = { Id: 'e2', ChannelType: 'EMAIL', Address: 'x@example.com', User: { UserId: 'u' } };
    await apply(target, [...profiles(deleteOf('u')), ...changesOf('pinpoint', [endpoint])]);
    expect(usersPut(stub)[0]).toMatchObject({ EmailAddress: 'x@example.com', EndpointId_EmailAddress: 'e2' });
    expect(profileCalls(stub).filter((call) => String(call).startsWith('Search'))).toHaveLength(2);
  }, 15_000);

  test('is looked for several times, as an object that was put is visible later', async () => {
    takeAll(stub);
    stub.on(SearchProfilesCommand).resolvesOnce({ Items: [] }).resolves({ Items: [profile] });
    expect((await apply(createProfilesTarget(), profiles(mailOf('u'), deleteOf('u')))).outcomes).toEqual(['done', 'done']);
  }, 15_000);

  test('and was written a moment ago but is not visible, is left to the stream; one that nobody knows is dropped', async () => {
    takeAll(stub);
    const target = createProfilesTarget();
    expect((await apply(target, profiles(mailOf('u'), deleteOf('u'), deleteOf('stranger')))).outcomes).toEqual([
      'done', 'retry NotYetVisible', 'dropped UnknownUser',
    ]);
  }, 15_000);

  test('and did something after a deletion a moment ago is not forgotten', async () => {
    takeAll(stub, { u: [profile] });
    const target = createProfilesTarget();
    await apply(target, profiles(deleteOf('u'), trackOf('u')));
    stub.on(SearchProfilesCommand).resolves({ Items: [] });
    expect((await apply(target, profiles(deleteOf('u')))).outcomes).toEqual(['retry NotYetVisible']);
  }, 15_000);

  test('and was merged with another is for people to decide', async () => {
    takeAll(stub, { u: [{ ...profile, AccountNumber: 'v' }] });
    expect((await apply(createProfilesTarget(), profiles(deleteOf('u')))).outcomes).toEqual(['rejected MergedProfile']);
  });

  test('and is gone meanwhile is deleted', async () => {
    takeAll(stub, { u: [profile] });
    stub.on(DeleteProfileCommand).rejects(new ResourceNotFoundException({ message: 'gone', $metadata: { httpStatusCode: 404 } }));
    expect((await apply(createProfilesTarget(), profiles(deleteOf('u')))).outcomes).toEqual(['done']);
  }, 15_000);

  test.each<[Error, string]>([
    [serviceError('ThrottlingException', 429), 'retry ThrottlingException'], [serviceError('BadRequestException', 400), 'rejected BadRequestException'],
  ])('%s', async (error, outcome) => {
    takeAll(stub, { u: [profile] });
    stub.on(DeleteProfileCommand).rejects(error);
    expect((await apply(createProfilesTarget(), profiles(deleteOf('u')))).outcomes).toEqual([outcome]);
  });
});

test('however changes are batched, and whatever is refused for the moment, each user ends with the newest of every value', async () => {
  const user = fc.constantFrom('u', 'v');
  const change = fc.record({ user, plan: fc.constantFrom('a', 'b', null), tags: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }) });
  await fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean()), async (said, size, failures) => {
    stub.reset();
    takeAll(stub);
    const fails = [...failures];
    const taken: any[] = [];
    stub.on(PutProfileObjectCommand).callsFake(({ Object: object }) => {
      if (fails.shift()) throw serviceError('InternalServerException', 500);
      taken.push(JSON.parse(object));
      return {};
    });
    const target = createProfilesTarget();
    for (let next = 0; next < said.length;) {
      const batch = said.slice(next, next + size);
      const { outcomes } = await apply(target, profiles(...batch.map(({ user: id, plan, tags }) => identifyOf(id, { plan, ...tags === undefined ? {} : { tags } }))));
      const again = outcomes.findIndex((outcome) => outcome.startsWith('retry'));
      next += again < 0 ? batch.length : again;
    }
    const expected: Record<string, Record<string, string>> = {};
    for (const { user: id, plan, tags } of said) {
      expected[id] = { ...expected[id], Attributes_plan: plan ?? '-', ...tags === undefined ? {} : { Attributes_tags: tags } };
    }
    const found: Record<string, Record<string, string>> = {};
    for (const { userId, ...fields } of taken) found[userId] = { ...found[userId], ...fields };
    expect(found).toEqual(expected);
  }), { numRuns: 100 });
});
