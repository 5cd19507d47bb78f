import { createOfferCaller } from '../../../lambda-src/offer-callers';
import { createOfferChannel } from '../../../lambda-src/offer-custom-channel/core';
import { giveOffers } from '../../../lambda-src/offers/invocation';
import { parseQueueMessage } from '../../../lambda-src/offers/queue-message';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import { MAX_OFFER_ID, MAX_OFFER_TEXT, OfferRulesConfig } from '../../../src/contract/offer';
import { RULES } from '../support/offers';

const INSTANCE = 'arn:aws:connect:us-east-1:111122223333:instance/i';
const CALLER = createOfferCaller({ kind: 'connect-journey', instanceArn: INSTANCE, userIdAttribute: 'cdpUserId', budgetSeconds: 30 });

const profile = (id: string, data: unknown, token = `token-${id}`) => ({
  ProfileId: id, CustomerData: typeof data === 'string' ? data : JSON.stringify(data), IdempotencyToken: token,
});

/** In the shape of https://docs.aws.amazon.com/connect/latest/adminguide/lambda-invoke-functions.html */
const invocation = (...CustomerProfiles: unknown[]) => ({
  InvocationMetadata: { CampaignContext: { CampaignId: 'campaign1', RunId: 'campaign1#2026-11-27T10-00-00Z', ActionId: 'Give', CampaignName: 'Welcome' } },
  Items: { CustomerProfiles },
});

const KNOWN = profile('p1', { firstName: 'Ana', emailAddress: 'ana@example.com', attributes: { cdpUserId: 'ana' } });
const UNKNOWN = profile('p2', { firstName: 'Ben', email: 'ben@example.com' });

function given(rules: Partial<OfferRulesConfig> = {}, unsent: readonly number[] = [], failing?: () => Promise<void>) {
  const bodies: string[] = [];
  const letters: DeadLetter[] = [];
  const telemetry = new Telemetry('Stack/Offer');
  const channel = createOfferChannel({
    config: { instance: 'Stack/Offer', rules: { ...RULES, ...rules } },
    caller: CALLER,
    queue: {
      send: async (sent) => {
        bodies.push(...sent.filter((_, index) => !unsent.includes(index)));
        return unsent.map((index) => ({ index, code: 'ThrottlingException', fault: 'time' }));
      },
      postpone: async () => 0,
    },
    deadLetters: { write: async (written) => written.length > 0 && failing ? failing() : void letters.push(...written) },
  });
  const invoke = async (raw: unknown) => {
    const { Items } = await channel(raw, { requestId: 'request1', now: new Date(), telemetry }) as any;
    return Items.CustomerProfiles as { Id: string; ResultData: Record<string, string> }[];
  };
  const events = () => bodies.map(parseQueueMessage).map((message) => 'event' in message ? message.event : undefined);
  return { invoke, events, letters, telemetry };
}

describe('whom a profile is', () => {
  test.each<[string, unknown, object]>([
    ['by the attribute', { accountNumber: 'account', attributes: { cdpUserId: 'ana' } }, { userId: 'ana' }],
    ['by the account number', { accountNumber: 'account', attributes: { cdpUserId: '' } }, { userId: 'account' }],
    ['by neither: the address as the service writes it', { emailAddress: 'b@example.com', email: 'x@example.com' },
      { userId: undefined, channel: 'EMAIL', address: 'b@example.com' }],
    ['by neither: the address as the documentation writes it', { email: 'x@example.com' }, { userId: undefined, channel: 'EMAIL', address: 'x@example.com' }],
    ['by a number', { attributes: { cdpUserId: 4711 } }, { userId: '4711' }],
    ['by the account number, without attributes', { accountNumber: 'account', attributes: null }, { userId: 'account' }],
    ['by nothing', {}, { userId: undefined }],
    ['by no text at all', '', { userId: undefined }],
  ])('%s', (_, data, expected) => {
    const [recipient] = CALLER.read(invocation(profile('p1', data))).recipients;
    expect(recipient.read()).toEqual({ endpointId: 'p1', occasion: 'token-p1', ...expected });
  });

  test('the journey, its run and its step', () => {
    expect(CALLER.read(invocation())).toMatchObject({
      applicationId: INSTANCE, journey: { id: 'campaign1', runId: 'campaign1#2026-11-27T10-00-00Z', activityId: 'Give' }, data: undefined,
    });
    expect(CALLER.read({ Items: { CustomerProfiles: [] } }).journey).toBeUndefined();
  });

  test.each([['{"a":'], ['[]'], ['1'], ['"{}"'], ['{"attributes":{"cdpUserId":{}}}'], ['{"attributes":{"cdpUserId":9007199254740993}}']])('data that can not be read: %s', (data) => {
    const [recipient] = CALLER.read(invocation(profile('p1', data))).recipients;
    expect(() => recipient.read()).toThrow(expect.objectContaining({ code: expect.stringMatching(/^Invalid(Profile|Id)$/) }));
  });
});

describe('the answer', () => {
  test('has one entry for each profile, also for one that nobody knows', async () => {
    const { invoke, events, letters } = given();
    const answer = await invoke(invocation(KNOWN, UNKNOWN));
    expect(answer.map(({ Id, ResultData }) => [Id, ResultData.offer_id])).toEqual([['p1', '20_OFF'], ['p2', '20_OFF']]);
    expect(events()).toMatchObject([
      { userId: 'ana', endpointId: 'p1', journey: { id: 'campaign1', activityId: 'Give' } },
      { endpointId: 'p2', channel: 'EMAIL', address: 'ben@example.com' },
    ]);
    expect(events()[0]).not.toHaveProperty('address');
    expect(events()[1]).not.toHaveProperty('userId');
    expect(answer[0].ResultData.offer_assignment_id).toBe(events()[0]?.id);
    expect(letters).toEqual([]);
  });

  test('or for one without a user that is to be a dead letter', async () => {
    const { invoke, events, letters } = given({ withoutUserId: 'deadLetter' });
    const answer = await invoke(invocation(KNOWN, UNKNOWN));
    expect(answer).toEqual([expect.objectContaining({ Id: 'p1' }), { Id: 'p2', ResultData: { errorCode: 'MissingUser' } }]);
    expect(events()).toHaveLength(1);
    expect(letters).toMatchObject([{ code: 'MissingUser', partitionKey: 'p2' }]);
    expect(JSON.parse(letters[0].payload).invocation).toEqual(invocation(UNKNOWN));
  });

  test('or that can not be read, or whose offer the queue does not take', async () => {
    const { invoke, letters } = given({}, [0]);
    const broken = profile('p3', '{');
    expect(await invoke(invocation(KNOWN, UNKNOWN, broken))).toEqual([
      { Id: 'p1', ResultData: { errorCode: 'NotQueued' } }, expect.objectContaining({ Id: 'p2' }), { Id: 'p3', ResultData: { errorCode: 'InvalidProfile' } },
    ]);
    expect(letters.map(({ code, payload }) => [code, JSON.parse(payload).invocation])).toEqual([
      ['NotQueued', invocation(KNOWN)], ['InvalidProfile', invocation(broken)],
    ]);
  });

  test('names no profile that has no id, which is kept all the same', async () => {
    const { invoke, letters, telemetry } = given();
    const answer = await invoke(invocation(null, KNOWN, { CustomerData: '{}' }));
    expect(answer.map(({ Id }) => Id)).toEqual(['p1']);
    expect(letters.map(({ code, payload }) => [code, JSON.parse(payload).invocation.Items.CustomerProfiles])).toEqual([
      ['InvalidProfile', [null]], ['InvalidProfile', [{ CustomerData: '{}' }]],
    ]);
    expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 3, OffersAssigned: 1, EndpointsRefused: 2 });
  });

  test('names a profile once that is asked for twice, and each occasion is an offer or a dead letter of its own', async () => {
    const { invoke, events, letters, telemetry } = given();
    const [again, broken] = [{ ...KNOWN, IdempotencyToken: 'token-2' }, { ...KNOWN, CustomerData: '{', IdempotencyToken: 'token-3' }];
    const answer = await invoke(invocation(KNOWN, again, broken, UNKNOWN));
    expect(answer.map(({ Id, ResultData }) => [Id, ResultData.offer_id])).toEqual([['p1', '20_OFF'], ['p2', '20_OFF']]);
    expect(answer[0].ResultData.offer_assignment_id).toBe(events()[0]?.id);
    expect(events().map((event) => event?.endpointId)).toEqual(['p1', 'p1', 'p2']);
    expect(new Set(events().map((event) => event?.id)).size).toBe(3);
    expect(letters.map(({ payload }) => JSON.parse(payload).invocation)).toEqual([invocation(broken)]);
    expect(telemetry.summary()).toMatchObject({ EndpointsReceived: 4, OffersAssigned: 3, EndpointsRefused: 1 });
  });

  test('is for 1, 10, 11 and 1,000 profiles, in their order, whatever becomes of each', async () => {
    for (const count of [1, 10, 11, 1_000]) {
      const { invoke, letters } = given({}, [0]);
      const profiles = Array.from({ length: count }, (_, index) => profile(`p${index}`, index % 7 === 3 ? '{' : { attributes: { cdpUserId: `u${index}` } }));
      const answer = await invoke(invocation(...profiles));
      expect(answer.map(({ Id }) => Id)).toEqual(profiles.map(({ ProfileId }) => ProfileId));
      expect(answer.filter(({ ResultData }) => ResultData.errorCode !== undefined)).toHaveLength(letters.length);
      expect(answer.filter(({ ResultData }) => ResultData.offer_id !== undefined)).toHaveLength(count - letters.length);
    }
  });

  test('or for none, because dead letters can not be kept: the action fails as a whole', async () => {
    const { invoke } = given({}, [], async () => { throw new Error('no bucket'); });
    await expect(invoke(invocation(KNOWN, profile('p3', '{')))).rejects.toThrow('no bucket');
    expect(await invoke(invocation(KNOWN))).toHaveLength(1);
  });

  test.each([[null], [[]], ['x'], [{}], [{ Items: {} }], [{ Items: { CustomerProfiles: {} } }], [{ Endpoints: {} }]])('of what is no invocation (%j) is empty', async (raw) => {
    const { invoke, letters } = given();
    expect(await invoke(raw)).toEqual([]);
    expect(letters).toMatchObject([{ code: 'InvalidInvocation' }]);
    expect(JSON.parse(letters[0].payload).invocation).toEqual(raw);
  });

  test('stays below 32 KB for each profile, whatever an offer may say', async () => {
    const worst = '\u0001'.repeat(MAX_OFFER_TEXT);
    const { invoke } = given({ offer: { offerId: '\u0001'.repeat(MAX_OFFER_ID), name: worst, discount: worst, validUntil: '2099-01-01T00:00:00.000Z' } });
    const [entry] = await invoke(invocation(KNOWN));
    expect(entry.ResultData.offer_discount).toHaveLength(MAX_OFFER_TEXT);
    expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThan(32 * 1024);
  });
});

describe('the id of an assignment', () => {
  const idOf = (raw: unknown): string => {
    const { given: [one] } = giveOffers(CALLER.read(raw), RULES, new Date());
    return 'assignment' in one ? one.assignment.event.id : '';
  };

  test('is the same when the action is tried again, and another at another occasion, step, run or profile', () => {
    const first = idOf(invocation(KNOWN));
    expect(idOf(invocation(structuredClone(KNOWN)))).toBe(first);
    expect(idOf(invocation({ ...KNOWN, CustomerData: '{"attributes":{"cdpUserId":"ana"},"lastName":"Silva"}' }))).toBe(first);
    const other = (change: (raw: any) => void) => {
      const raw = structuredClone(invocation(KNOWN));
      change(raw);
      return idOf(raw);
    };
    const ids = [
      first,
      other((raw) => raw.Items.CustomerProfiles[0].IdempotencyToken = 'token-2'),
      other((raw) => raw.Items.CustomerProfiles[0].ProfileId = 'p9'),
      other((raw) => raw.InvocationMetadata.CampaignContext.ActionId = 'Again'),
      other((raw) => raw.InvocationMetadata.CampaignContext.RunId = 'run2'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is another for each profile of one token, and without a token that of the run', () => {
    const [ana, ben] = [{ ...KNOWN, IdempotencyToken: 'token' }, { ...UNKNOWN, IdempotencyToken: 'token' }];
    expect(idOf(invocation(ana))).not.toBe(idOf(invocation(ben)));
    const { IdempotencyToken: _, ...without } = KNOWN;
    expect(idOf(invocation(without))).toBe(idOf(invocation(structuredClone(without))));
    expect(idOf(invocation(without))).not.toBe(idOf(invocation(KNOWN)));
  });

  test('is the same when only a part of the batch is tried again', () => {
    const ids = (raw: unknown) => giveOffers(CALLER.read(raw), RULES, new Date()).given.map((one) => 'assignment' in one ? one.assignment.event.id : '');
    expect(ids(invocation(UNKNOWN))).toEqual(ids(invocation(KNOWN, UNKNOWN)).slice(1));
  });
});
