import * as fc from 'fast-check';
import { createFormat } from '../../../lambda-src/formats';
import { check, dataOf, Kind, SHAPES } from '../support/any-json';
import { Emulated } from '../support/emulated';
import { ARRIVED, formatConfig } from '../support/formats';
import { batch } from '../support/records';
import { sync } from '../support/sync';
import { createTarget } from '../support/target';

const pinpoint = new Emulated();
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

const LANES = (Object.keys(SHAPES) as Kind[]).flatMap((kind) => [[kind, 'batch'], [kind, 'events']] as const);

test.each<readonly [Kind, 'batch' | 'events']>(LANES)(
  'whatever comes as %s is done, dropped or a dead letter (lane of %s)', async (format, endpointWrites) => {
    await fc.assert(fc.asyncProperty(fc.array(dataOf(format), { minLength: 1, maxLength: 6 }), async (records) => {
      pinpoint.reset();
      check(await sync(createTarget({ endpointWrites }), batch(...records), { format }), records.length);
      expect(({} as Record<string, unknown>).EventType).toBeUndefined();
    }), { numRuns: 150 });
  }, 30_000);

/** Every message of a body that can be read. */
function* readable(kind: Kind, body: unknown) {
  const format = createFormat(formatConfig(kind));
  for (const part of format.split(body)) {
    try {
      yield { part, messages: format.read(part as Record<string, unknown>, ARRIVED, () => undefined) };
    } catch {
      // Refused, with no user.
    }
  }
}

test.each(Object.keys(SHAPES) as Kind[])('a message of %s is about a user that the message itself names', (kind) => {
  fc.assert(fc.property(SHAPES[kind], (body) => {
    for (const { part, messages } of readable(kind, body)) {
      const users = messages.flatMap((message) => 'userId' in message && message.userId !== undefined ? [message.userId] : []);
      expect(new Set(users).size).toBeLessThanOrEqual(1);
      for (const user of users) expect(JSON.stringify(part)).toContain(JSON.stringify(user).slice(1, -1));
    }
  }), { numRuns: 300 });
});
