import type { CdpFormatKind } from '../../../src/contract/cdp-format';
import { batch } from '../support/records';
import { fakeTarget, sync } from '../support/sync';

const users = async (format: CdpFormatKind, data: string) => {
  const target = fakeTarget();
  const { letters } = await sync(target, batch(data), { format });
  return { users: target.seen.map(({ change }) => change.userId), letters: letters.map(({ code, payload }) => [code, payload]) };
};

const known = (mpid: string) => `{"mpid":${mpid},"user_identities":{"email":"a@example.com"},"environment":"production"}`;
const [ONE, OTHER] = ['7346244611012968789', '7346244611012968790'];

describe('mParticle\'s own ids, of which JSON.parse would make one', () => {
  test.each<[string, CdpFormatKind, string]>([
    ['in an array', 'mparticle', `[${known(ONE)},${known(OTHER)}]`],
    ['on lines', 'mparticle', `${known(ONE)}\n${known(OTHER)}`],
    ['recognized by their shape', 'auto', `[${known(ONE)},${known(OTHER)}]`],
    ['in envelopes', 'cloudevents', `{"specversion":"1.0","id":"i","source":"s","type":"t","data":[${known(ONE)},${known(OTHER)}]}`],
    ['in envelopes, as base64', 'cloudevents',
      `{"specversion":"1.0","id":"i","source":"s","type":"t","data_base64":"${Buffer.from(`[${known(ONE)},${known(OTHER)}]`).toString('base64')}"}`],
    ['with space around', 'mparticle', `[${known(` ${ONE} `)},${known(`\n${OTHER}`)}]`],
  ])('stay two: %s', async (_, format, data) => {
    expect(await users(format, data)).toEqual({ users: [ONE, OTHER], letters: [] });
  });

  test('may be negative, and as a text they are the same', async () => {
    expect(await users('mparticle', `[${known(`-${ONE}`)},${known(`"-${ONE}"`)},${known('76')},${known('9007199254740991')}]`))
      .toEqual({ users: [`-${ONE}`, `-${ONE}`, '76', '9007199254740991'], letters: [] });
  });

  test.each(['1e30', '1.5', '-0.1e21'])('%s is none', async (mpid) => {
    expect(await users('mparticle', known(mpid))).toEqual({ users: [], letters: [['InvalidId', known(mpid)]] });
  });

  test('a dead letter has the number as it came', async () => {
    const bad = `{"mpid":${ONE},"events":[{"event_type":"nope"}]}`;
    expect(await users('mparticle', `[${bad},${bad}]`)).toEqual({ users: [], letters: [['UnknownType', bad], ['UnknownType', bad]] });
  });
});

test('other ids than these are refused where they were rounded', async () => {
  const identify = `{"type":"identify","userId":${ONE},"traits":{"email":"a@example.com","note":"\\"mpid\\":${ONE}"}}`;
  for (const format of ['segment', 'auto'] as const) expect(await users(format, identify)).toEqual({ users: [], letters: [['InvalidId', identify]] });
});
