import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { CdpFormatKind } from '../../../src/contract/cdp-format';
import { Emulated } from '../support/emulated';
import { batch } from '../support/records';
import { sync } from '../support/sync';
import { createTarget } from '../support/target';

const pinpoint = new Emulated();
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

/** Ids that are easily taken for one another, for something of JavaScript's, or for a part of an endpoint's id. */
const IDS: readonly string[] = [
  'u', 'U', 'u ', ' ', '1', '01', '1.0', '9007199254740991', '__proto__', 'constructor', 'hasOwnProperty', 'ü', 'u\u0308', '\u0000', '\u200b', '~75', '~55', 'u:EMAIL',
  'u:EMAIL:2', 'a/b', '..', '😀', 'null', 'undefined', 'true', '{}', '[object Object]', 'a,b', '%75',
];
/** What is no id of anybody, or was not kept by JSON.parse. */
const NOBODY: readonly unknown[] = [2 ** 53 + 2, 1.5, true, {}, ['u'], '\ud800', '\udc00x', null, ''];

interface Person {
  readonly id: unknown;
  /** What is said of them says whom it is about. */
  readonly email: string;
  readonly owner: string;
}

/** An endpoint of the service's own shapes may belong to nobody. */
const ownerOf = (id: string | undefined) => id === undefined ? 'nobody' : createHash('sha1').update(id).digest('hex').slice(0, 12);
const person = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(fc.constantFrom(...IDS), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((id) => !/\p{Surrogate}/u.test(id))) },
  { weight: 1, arbitrary: fc.constantFrom(...NOBODY) },
).map((id): Person => {
  const owner = typeof id === 'string' && id !== '' && !/\p{Surrogate}/u.test(id) ? ownerOf(id) : 'nobody';
  return { id, owner, email: `${owner}@example.com` };
});

type Write = (one: Person, index: number) => unknown;
const enveloped = (data: object, index: number) => ({ specversion: '1.0', id: `e${index}`, source: 's', type: 't', ...data });
const identify: Write = ({ id, owner, email }) => ({ type: 'identify', userId: id, traits: { owner, email } });

const WRITERS: Readonly<Record<Exclude<CdpFormatKind, 'function' | 'auto'>, readonly Write[]>> = {
  segment: [
    identify,
    ({ id, owner, email }, index) => ({ type: 'track', userId: id, event: 'e', messageId: `m${index}`, properties: { owner }, context: { traits: { email } } }),
    ({ id, owner }, index) => ({ type: 'track', userId: id, event: 'e', messageId: `n${index}`, properties: { owner } }),
    ({ id, owner }) => ({ type: 'track', userId: id, event: 'Audience Entered', properties: { owner, audience_key: 'a' } }),
    ({ id, owner, email }, index) => ({ batch: [identify({ id, owner, email }, index), { type: 'nope' }] }),
  ],
  rudderstack: [({ id, owner, email }) => ({ type: 'identify', userId: id, context: { traits: { owner, email } } })],
  mparticle: [
    ({ id, owner, email }) => ({ user_identities: { customer_id: id, email }, user_attributes: { owner } }),
    ({ id, owner, email }, index) => ({ user_identities: [{ identity_type: 'email', identity: email }, { identity_type: 'customer_id', identity: id }], events: [
      { event_type: 'custom_event', data: { event_name: 'e', source_message_id: `p${index}`, custom_attributes: { owner } } },
      { event_type: 'user_attribute_change', data: { user_attribute_name: 'owner', new: owner, old: null } },
    ] }),
  ],
  tealium: [
    ({ id, owner, email }) => ({ tealium_event: 'e', user_id: id, email_address: email, owner }),
    ({ id, owner, email }) => ({ shared: { tealium_account: 'a' }, events: [{ tealium_event: 'e', customer_id: id, customer_email: email, owner }, 5] }),
  ],
  cloudevents: [
    (one, index) => enveloped({ data: identify(one, index) }, index),
    (one, index) => enveloped({ data: { batch: [identify(one, index), identify(one, index)] } }, index),
    (one, index) => enveloped({ data_base64: Buffer.from(JSON.stringify([identify(one, index)])).toString('base64') }, index),
  ],
  pinpoint: [
    ({ id, owner, email }) => ({ ChannelType: 'EMAIL', Address: email, User: { UserId: id, UserAttributes: { owner: [owner] } } }),
    ({ id, owner, email }, index) => ({ [`e${index}`]: { Endpoint: { ChannelType: 'EMAIL', Address: email, User: { UserId: id, UserAttributes: { owner: [owner] } } },
      Events: { [`i${index}`]: { EventType: 'e', Timestamp: '2026-11-23T10:00:00Z', Attributes: { owner } } } } }),
  ],
};
const ALL = Object.values(WRITERS).flat();
const FORMATS = ([...Object.entries(WRITERS), ['auto', ALL]] as [CdpFormatKind, readonly Write[]][]);

/** Records of one message, of an array, or of lines. */
const recordsOf = (writers: readonly Write[]) => fc.array(fc.array(fc.tuple(fc.constantFrom(...writers), person), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  .chain((records) => fc.array(fc.boolean(), { minLength: records.length, maxLength: records.length }).map((asLines) => {
    let index = 0;
    return records.map((messages, record) => {
      const written = messages.map(([write, one]) => JSON.stringify(write(one, index++)));
      return asLines[record] ? written.join('\n') : `[${written.join(',')}]`;
    });
  }));

const LANES = FORMATS.flatMap(([format, writers]) => (['batch', 'events'] as const).map((endpointWrites) => ({ format, writers, endpointWrites })));

test.each(LANES)('$format: nothing that is said of one user reaches another (lane of $endpointWrites)', async ({ format, writers, endpointWrites }) => {
  await fc.assert(fc.asyncProperty(recordsOf(writers), async (records) => {
    pinpoint.reset();
    const { failed } = await sync(createTarget({ endpointWrites }), batch(...records), { format });
    expect(failed).toBeUndefined();
    const users = new Map(Object.values(pinpoint.app.endpoints).map(({ Id, User }) => [Id, User?.UserId]));
    for (const { Address, ChannelType, User } of Object.values(pinpoint.app.endpoints)) {
      const owner = ownerOf(User?.UserId);
      expect([Address, User?.UserAttributes?.owner ?? [owner]]).toEqual([ChannelType === 'CUSTOM' ? User?.UserId : `${owner}@example.com`, [owner]]);
    }
    for (const { endpointId, event } of pinpoint.app.events) {
      expect(event.Attributes?.owner ?? ownerOf(users.get(endpointId))).toBe(ownerOf(users.get(endpointId)));
    }
  }), { numRuns: 120 });
}, 60_000);
