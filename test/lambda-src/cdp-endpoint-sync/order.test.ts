import type { KinesisStreamRecord } from 'aws-lambda';
import * as fc from 'fast-check';
import { Emulated, Fault } from '../support/emulated';
import { record } from '../support/records';
import { sync } from '../support/sync';
import { createTarget } from '../support/target';

const pinpoint = new Emulated();
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

const USERS = ['ann', 'Ann', 'bob'];
type Step = { readonly user: string; readonly kind: 'both' | 'mail' | 'attributes' | 'town' | 'optOut' | 'noMail' | 'track' | 'trackWithMail' | 'delete' | 'nothing'; readonly n: number };

const step: fc.Arbitrary<Step> = fc.record({
  user: fc.constantFrom(...USERS), n: fc.nat(3),
  kind: fc.constantFrom<Step['kind']>('both', 'mail', 'mail', 'attributes', 'town', 'optOut', 'optOut', 'noMail', 'track', 'trackWithMail', 'delete', 'nothing'),
});

const mailOf = (user: string, n: number) => `${encodeURIComponent(user).toLowerCase()}.${USERS.indexOf(user)}.${n}@example.com`;
const phoneOf = (user: string, n: number) => `+1206555010${3 * USERS.indexOf(user) + n % 3}`;

const TRAITS: Record<Exclude<Step['kind'], 'track' | 'trackWithMail' | 'delete'>, (step: Step) => object> = {
  both: ({ user, n }) => ({ email: mailOf(user, n), phone: phoneOf(user, n), owner: user }),
  mail: ({ user, n }) => ({ email: mailOf(user, n), [`a${n}`]: n, owner: user }),
  attributes: ({ user, n }) => ({ plan: n === 0 ? null : n, [`a${n}`]: `new ${n}`, owner: user }),
  town: ({ n }) => ({ address: { city: `town ${n}` } }),
  optOut: ({ n }) => ({ unsubscribed: n > 1 }),
  noMail: () => ({ email: null }),
  nothing: () => ({}),
};

function messageOf(one: Step, index: number): object {
  const { user: userId, kind, n } = one;
  const common = { userId, messageId: `m${index}`, timestamp: '2026-11-23T10:00:00.000Z' };
  if (kind === 'delete') return { ...common, type: 'delete' };
  if (kind === 'track') return { ...common, type: 'track', event: `event ${n}` };
  if (kind === 'trackWithMail') return { ...common, type: 'track', event: `event ${n}`, context: { traits: { email: mailOf(userId, n), unsubscribed: [undefined, undefined, true, false][n] } } };
  return { ...common, type: 'identify', traits: TRAITS[kind](one) };
}

/**
 * A user begins, and begins anew after a deletion, with addresses: without one a batch puts attributes on the address that it brings
 * later, where message by message they are kept on a placeholder.
 */
function withBeginnings(given: readonly Step[]): Step[] {
  const begun = new Set<string>();
  return given.flatMap((one): Step[] => {
    const isNew = !begun.has(one.user);
    if (one.kind === 'delete') begun.delete(one.user);
    else begun.add(one.user);
    return isNew && one.kind !== 'both' && one.kind !== 'delete' ? [{ ...one, kind: 'both' }, one] : [one];
  });
}

const recordsOf = (given: readonly Step[]): KinesisStreamRecord[] => withBeginnings(given).map((one, index) => record(messageOf(one, index), index));

/** What a marketer would see: without what only the number of writes decides, and without the addresses that are not to be used any more. */
function stateOf() {
  const endpoints = Object.fromEntries(Object.values(pinpoint.app.endpoints)
    .map(({ Id, Address, OptOut, EndpointStatus, Attributes, Location, User }) => [Id!, { Address: EndpointStatus === 'ACTIVE' ? Address : 'deleted', OptOut, EndpointStatus, Attributes, Location, User }])
    .sort(([one], [other]) => String(one).localeCompare(String(other))));
  const events = [...new Set(pinpoint.app.events.filter(({ event }) => event.EventType !== 'cdp.endpoint_update').map(({ eventId, event }) => `${eventId} ${event.EventType}`))].sort();
  return { endpoints, events };
}

interface Run {
  readonly faults?: readonly Fault[];
  readonly sizes?: readonly number[];
  readonly lane?: 'batch' | 'events';
}

/** As Lambda does it: batches of some size, from the first unsettled record on again; a size of 0 delivers the same batch twice. */
async function deliver(records: readonly KinesisStreamRecord[], { faults = [], sizes = [], lane = 'batch' }: Run): Promise<void> {
  pinpoint.reset(faults);
  const target = createTarget({ endpointWrites: lane });
  let position = 0;
  for (let round = 0; position < records.length; round += 1) {
    if (round > 200) throw new Error('the stream does not move on');
    const size = sizes.length > 0 ? sizes[round % sizes.length] : 1;
    const batch = { Records: records.slice(position, position + Math.max(1, size)) };
    const { failed, letters } = await sync(target, batch);
    expect(letters).toEqual([]);
    if (size === 0 && round % 2 === 0) continue;
    position = failed === undefined ? position + batch.Records.length : records.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed);
  }
}

const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'throttled', 'failed', 'lost', 'item'), { maxLength: 12 });
const sizes = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 });
const steps = fc.array(step, { minLength: 1, maxLength: 20 });

test.each(['batch', 'events'] as const)('lane of %s: however it is delivered, the state is that of one message after the other', async (lane) => {
  await fc.assert(fc.asyncProperty(steps, faults, sizes, async (given, failing, cut) => {
    const records = recordsOf(given);
    await deliver(records, { lane });
    const expected = stateOf();
    await deliver(records, { faults: failing, sizes: cut, lane });
    expect(stateOf()).toEqual(expected);
  }), { numRuns: 150 });
}, 60_000);

test('nothing of one user is ever found with another', async () => {
  await fc.assert(fc.asyncProperty(steps, faults, sizes, async (given, failing, cut) => {
    await deliver(recordsOf(given), { faults: failing, sizes: cut });
    for (const { Id, Address, User } of Object.values(pinpoint.app.endpoints)) {
      const user = User!.UserId!;
      expect(User!.UserAttributes?.owner ?? [user]).toEqual([user]);
      expect(Address === user || [0, 1, 2, 3].some((n) => [mailOf(user, n), phoneOf(user, n)].includes(Address!))).toBe(true);
      expect(Id!.startsWith(user === 'Ann' ? '~41nn:' : `${user}:`)).toBe(true);
    }
  }), { numRuns: 100 });
}, 60_000);

/** What each step means, told without any of our code. */
function modelOf(given: readonly Step[]) {
  const users: Record<string, { mail?: string; attributes: Record<string, string[]> }> = {};
  for (const { user, kind, n } of given) {
    if (kind === 'delete') {delete users[user];} else {
      const one = users[user] ??= { attributes: {} };
      if (['both', 'mail', 'attributes'].includes(kind)) one.attributes.owner = [user];
      if (kind === 'both' || kind === 'mail') one.mail = mailOf(user, n);
      if (kind === 'mail') one.attributes[`a${n}`] = [String(n)];
      if (kind === 'attributes') Object.assign(one.attributes, { plan: n === 0 ? [] : [String(n)], [`a${n}`]: [`new ${n}`] });
    }
  }
  return users;
}

test('the newest address and attributes are those of a model that knows nothing of batches', async () => {
  const simple = steps.map((all) => all.filter(({ kind }) => ['both', 'mail', 'attributes', 'delete', 'track'].includes(kind)));
  await fc.assert(fc.asyncProperty(simple, faults, sizes, async (given, failing, cut) => {
    await deliver(recordsOf(given), { faults: failing, sizes: cut });
    const seen = Object.fromEntries(Object.values(pinpoint.app.endpoints).filter(({ ChannelType }) => ChannelType === 'EMAIL')
      .map(({ Address, User }) => [User!.UserId, { mail: Address, attributes: User!.UserAttributes }]));
    expect(seen).toEqual(modelOf(withBeginnings(given)));
  }), { numRuns: 100 });
}, 60_000);
