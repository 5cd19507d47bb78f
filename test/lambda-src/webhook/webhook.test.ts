import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { retry } from '../../../lambda-src/model';
import { MAX_RECORD_BYTES } from '../../../lambda-src/runtime/put-records';
import { elementsOf } from '../../../lambda-src/webhook/elements';
import { MAX_MESSAGES } from '../../../lambda-src/webhook/written';
import { eventOf, givenWebhook, KEY, messagesOn, SECRET } from '../support/webhook';

const track = (userId: string, n: number) => ({ type: 'track', userId, event: 'Seen', properties: { n } });
const GZIP = { 'Content-Encoding': 'gzip' };

describe('what is on the stream', () => {
  test('one message is there as it was written, digits and spaces and all', async () => {
    const { post, stream } = givenWebhook();
    const text = '{ "type": "identify",\n "userId": "ana", "traits": { "n": 9007199254740993 } }';
    expect((await post(text)).json).toEqual({ success: true, messages: 1 });
    expect(stream).toEqual([{ key: 'ana', text }]);
  });

  test('an array becomes a record for each user, in order, each message as it was written', async () => {
    const { post, stream } = givenWebhook();
    const [a, b, c] = ['{"type":"track", "userId":"ana","event":"A"}', '{"type":"track","userId":"ben","event":"B"}', '{"type":"track","userId":"ana","event":"C,]"}'];
    await post(`[ ${a} ,\n${b},${c} ]`);
    expect(stream).toEqual([{ key: 'ana', text: `[${a},${c}]` }, { key: 'ben', text: b }]);
  });

  test('an envelope with several users is taken apart; with one it stays whole', async () => {
    const { post, stream } = givenWebhook();
    await post({ batch: [track('ana', 1), track('ben', 2), track('ana', 3)], context: { ip: '::1' } });
    expect(messagesOn(stream)).toEqual({
      ana: [{ ...track('ana', 1), context: { ip: '::1' } }, { ...track('ana', 3), context: { ip: '::1' } }], ben: [{ ...track('ben', 2), context: { ip: '::1' } }],
    });
    const one = { batch: [track('ana', 1), track('ana', 2)] };
    await post(one);
    expect(stream.at(-1)).toEqual({ key: 'ana', text: JSON.stringify(one) });
  });

  test.each<[string, string, object, string]>([
    ['mparticle', 'a customer id', { user_identities: { customer_id: 'ana' }, events: [{ event_type: 'custom_event', data: { event_name: 'x' } }] }, 'ana'],
    ['mparticle', 'a list of identities', { user_identities: [{ identity_type: 'customer_id', identity: 'ana' }], events: [] }, 'ana'],
    ['tealium', 'a user id', { user_id: 'ana', tealium_event: 'x' }, 'ana'],
    ['rudderstack', 'an anonymous id', { type: 'identify', anonymousId: 'anon' }, 'anon'],
    ['cloudevents', 'as inside', { specversion: '1.0', id: '1', source: 's', type: 't', data: track('ana', 1) }, 'ana'],
    ['pinpoint', 'the user of an endpoint', { Id: 'e', User: { UserId: 'ana' }, ChannelType: 'EMAIL' }, 'ana'],
    ['pinpoint', 'an endpoint without a user', { Id: 'e', ChannelType: 'EMAIL' }, 'e'],
    ['segment', 'a deletion', { type: 'delete', userId: 'ana' }, 'ana'],
    ['auto', 'any of them', { user_id: 'ana', tealium_event: 'x' }, 'ana'],
  ])('the user of %s: %s', async (kind, _, message, key) => {
    const format = kind === 'cloudevents' ? { kind, inner: { kind: 'auto' } } : { kind };
    const { post, stream } = givenWebhook({ config: { format: format as never } });
    await post(message);
    await post([message, message]);
    expect(stream).toEqual([{ key, text: JSON.stringify(message) }, { key, text: `[${JSON.stringify(message)},${JSON.stringify(message)}]` }]);
  });

  test.each(['mparticle', 'auto', 'cloudevents'])('%s: an mpid of 64 bits is the user with all of its digits, whole or taken apart', async (kind) => {
    const format = kind === 'cloudevents' ? { kind, inner: { kind: 'mparticle' } } : { kind };
    const { post, stream } = givenWebhook({ config: { format: format as never } });
    const of = (mpid: string) => `{"mpid":${mpid},"user_attributes":{"a":1},"events":[{"event_type":"custom_event","data":{"event_name":"x"}}]}`;
    const wrap = (data: string) => kind === 'cloudevents' ? `{"specversion":"1.0","id":"1","source":"s","type":"t","data":${data}}` : data;
    await post(wrap(of('-5021229348823829571')));
    expect(stream).toEqual([{ key: '-5021229348823829571', text: wrap(of('-5021229348823829571')) }]);
    await post(`[${wrap(of('5021229348823829571'))},${wrap(of('5021229348823829572'))}]`);
    expect(stream.slice(1).map(({ key }) => key)).toEqual(['5021229348823829571', '5021229348823829572']);
    if (kind !== 'cloudevents') return;
    await post(wrap(`[${of('5021229348823829571')},${of('5021229348823829572')}]`));
    expect(stream.slice(3).map(({ key }) => key)).toEqual(['5021229348823829571', '5021229348823829572']);
    expect(JSON.stringify(stream.slice(3))).toContain('5021229348823829572');
    expect(JSON.stringify(stream.slice(3))).not.toContain('5021229348823830000');
  });

  test('a member of one\'s own names the user, and only where it is', async () => {
    const { post, stream } = givenWebhook({ config: { userIdField: 'who.id', format: { kind: 'auto' } } });
    await post([{ who: { id: 'ana' }, x: 1 }, { who: {}, user_id: 'ben', tealium_event: 'x' }, { who: { id: 7 } }]);
    expect(stream.map(({ key }) => key)).toEqual(['ana', 'ben', '7']);
  });

  test('a long id, and a message without a user, have the key that follows from them', async () => {
    const { post, stream } = givenWebhook();
    await post([track('u'.repeat(256), 1), track('u'.repeat(257), 1), { type: 'track', event: 'nobody' }]);
    await post([track('u'.repeat(257), 2)]);
    const [short, long, nobody, again] = stream.map(({ key }) => key);
    expect(short).toBe('u'.repeat(256));
    expect([long, nobody]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(again).toBe(long);
  });

  test('any messages of any users: none lost, none doubled, each with its user, each user in order', async () => {
    const message = fc.record({ userId: fc.constantFrom('ana', 'ben', 'cy', '__proto__'), n: fc.nat(), pad: fc.constantFrom(0, 200_000) });
    await fc.assert(fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 15 }), fc.boolean(), async (given, isEnvelope) => {
      const messages = given.map(({ userId, n, pad }) => ({ ...track(userId, n), context: { pad: 'x'.repeat(pad) } }));
      const { post, stream } = givenWebhook();
      expect((await post(isEnvelope ? { batch: messages } : messages)).json).toEqual({ success: true, messages: messages.length });
      const users = [...new Set(messages.map(({ userId }) => userId))];
      for (const user of users) {
        const own = stream.filter(({ key }) => key === user).flatMap(({ text }) => [JSON.parse(text)].flat()).flatMap((one) => one.batch ?? one);
        expect(own).toEqual(messages.filter(({ userId }) => userId === user));
      }
      expect(new Set(stream.map(({ key }) => key))).toEqual(new Set(users));
      for (const { key, text } of stream) expect(Buffer.byteLength(key) + Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    }), { numRuns: 25 });
  });
});

describe('the tracking API', () => {
  const config = { verification: { kind: 'writeKey', secret: SECRET } } as const;
  const headers = { authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}` };

  test.each(['identify', 'track', 'page', 'screen', 'group', 'alias', 'merge'])('/v1/%s names the type', async (call) => {
    const { send, stream } = givenWebhook({ config });
    const body = { userId: 'ana', event: 'e', groupId: 'g', previousId: 'p', writeKey: KEY };
    expect((await send({ call, headers, body: JSON.stringify(body) })).statusCode).toBe(200);
    expect(messagesOn(stream)).toEqual({ [stream[0].key]: [{ type: call, userId: 'ana', event: 'e', groupId: 'g', previousId: 'p' }] });
  });

  test.each(['batch', 'import'])('/v1/%s: a batch in gzip; the write key that SDKs repeat in it stays off the stream', async (call) => {
    const { send, stream } = givenWebhook({ config });
    const body = gzipSync(JSON.stringify({ batch: [track('ana', 1), track('ben', 2)], writeKey: KEY, sentAt: '2026-11-27T00:00:00Z' }));
    expect((await send({ call, headers: { ...headers, ...GZIP }, body })).json).toEqual({ success: true, messages: 2 });
    expect(messagesOn(stream)).toEqual({ ana: [track('ana', 1)], ben: [track('ben', 2)] });
    expect(JSON.stringify(stream)).not.toContain(KEY);
  });
});

test.each(['', 'application/json; charset="UTF-8"', 'text/plain;charset=utf-8', 'application/x-www-form-urlencoded'])(
  'JSON is JSON, whatever its sender says it is: "%s"', async (type) => {
    const { post, stream } = givenWebhook();
    expect((await post(track('ana', 1), { 'content-type': type })).statusCode).toBe(200);
    expect(stream).toHaveLength(1);
  });

describe('CloudEvents', () => {
  const format = { kind: 'cloudevents', inner: { kind: 'segment' } } as const;
  const event = { specversion: '1.0', id: '1', source: '/s', type: 't', data: track('ana', 1) };

  test('structured and batched', async () => {
    const { post, stream } = givenWebhook({ config: { format } });
    await post(event, { 'content-type': 'application/cloudevents+json; charset=UTF-8' });
    await post([event, { ...event, id: '2', data: track('ben', 2) }], { 'content-type': 'application/cloudevents-batch+json' });
    expect(stream.map(({ key }) => key)).toEqual(['ana', 'ana', 'ben']);
  });

  test('binary: the attributes come as headers, the data as it was written', async () => {
    const { post, stream } = givenWebhook({ config: { format } });
    const data = '{"type":"track","userId":"ana","event":"E","properties":{"n":9007199254740993}}';
    await post(data, { 'CE-SpecVersion': '1.0', 'ce-id': '1', 'ce-source': '/s%20x', 'ce-type': 't', 'content-type': 'application/json' });
    const attributes = '"specversion":"1.0","id":"1","source":"/s x","type":"t","datacontenttype":"application/json"';
    expect(stream).toEqual([{ key: 'ana', text: `{${attributes},"data":${data}}` }]);
  });

  const BINARY = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s' };

  test.each([
    ['Euro%20%E2%82%AC%20%f0%9f%98%80', 'Euro \u20ac \u{1f600}'], ['"a \\"b\\" c"', 'a "b" c'], ['"%41"', 'A'], ['100%', '100%'], ['a%2', 'a%2'],
  ])('binary: the header %s is the text %s', async (header, type) => {
    const { post, stream } = givenWebhook({ config: { format } });
    expect((await post(track('ana', 1), { ...BINARY, 'ce-type': header })).statusCode).toBe(200);
    expect(messagesOn(stream)).toMatchObject({ ana: [{ type }] });
  });

  test('binary: what no UTF-8 can be is refused', async () => {
    const { post, stream } = givenWebhook({ config: { format } });
    expect(await post(track('ana', 1), { ...BINARY, 'ce-type': '%C0%A0' })).toMatchObject({ statusCode: 400, json: { error: 'InvalidHeader' } });
    expect(stream).toEqual([]);
  });

  test.each(['application/cloudevents+json', 'Application/CloudEvents-batch+json; charset=utf-8'])('%s is whole, though its attributes are in headers too', async (type) => {
    const { post, stream } = givenWebhook({ config: { format } });
    await post(type.includes('batch') ? [event] : event, { ...BINARY, 'ce-type': 't', 'content-type': type });
    expect(messagesOn(stream)).toEqual({ ana: [event] });
  });

  test('headers of the kind mean nothing to another format', async () => {
    const { post, stream } = givenWebhook();
    await post(track('ana', 1), { 'ce-specversion': '1.0' });
    expect(messagesOn(stream)).toEqual({ ana: [track('ana', 1)] });
  });
});

describe('what never gets onto the stream', () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
  const message = JSON.stringify(track('ana', 1));
  test.each<[string, number, string, string | Buffer, Record<string, string>?]>([
    ['nothing', 400, 'NotJson', ''],
    ['spaces', 400, 'NotJson', ' \n'],
    ['half a message', 400, 'NotJson', message.slice(0, -1)],
    ['half an array', 400, 'NotJson', `[${message},`],
    ['two messages without an array', 400, 'NotJson', `${message}\n${message}`],
    ['a form', 400, 'NotJson', 'a=b&c=d'],
    ['an empty array', 400, 'Empty', '[]'],
    ['a text', 400, 'NotAnObject', '"x"'],
    ['null', 400, 'NotAnObject', 'null'],
    ['an array of numbers', 400, 'NotAnObject', '[1,2]'],
    ['UTF-16', 400, 'NotUtf8', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(message, 'utf16le')])],
    ['Latin-1', 400, 'NotUtf8', Buffer.from('{"userId":"\u00fc"}', 'latin1')],
    ['a character set that is none of ours', 415, 'UnsupportedCharset', message, { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['another encoding', 415, 'UnsupportedEncoding', message, { 'content-encoding': 'br' }],
    ['what says it is gzip', 400, 'InvalidEncoding', message, GZIP],
    ['half of a gzip', 400, 'InvalidEncoding', gzipSync(message).subarray(0, 30), GZIP],
    ['a gzip with a wrong checksum', 400, 'InvalidEncoding', Buffer.concat([gzipSync(message).subarray(0, -8), Buffer.alloc(8)]), GZIP],
    ['a gzip that grows without end', 413, 'BodyTooLarge', bomb, GZIP],
    ['JSON that is too deep for anybody', 400, 'NotJson', '['.repeat(100_000)],
  ])('%s: %d %s', async (_, statusCode, error, body, headers = {}) => {
    const { post, stream, telemetry } = givenWebhook();
    expect(await post(body, headers)).toMatchObject({ statusCode, json: { error } });
    expect(stream).toEqual([]);
    expect(telemetry.summary()).toEqual({ RequestsRefused: 1 });
  });

  const padded = (bytes: number) => JSON.stringify({ ...track('ana', 1), pad: '' }).replace('"pad":""', `"pad":"${'x'.repeat(bytes - JSON.stringify({ ...track('ana', 1), pad: '' }).length)}"`);

  test('the largest body, and a byte more, compressed or not', async () => {
    const { post, stream } = givenWebhook({ config: { maxBodyBytes: 5_000 } });
    expect((await post(padded(5_000))).statusCode).toBe(200);
    expect(await post(padded(5_001))).toMatchObject({ statusCode: 413, json: { error: 'BodyTooLarge' } });
    expect((await post(gzipSync(padded(5_000)), GZIP)).statusCode).toBe(200);
    expect((await post(gzipSync(padded(5_001)), GZIP)).statusCode).toBe(413);
    expect(stream).toHaveLength(2);
  });

  test('a body that is too large is not even looked at', async () => {
    const { send, fetched } = givenWebhook({ config: { maxBodyBytes: 10 } });
    expect((await send({ body: 'x'.repeat(11) })).statusCode).toBe(413);
    expect(fetched).toEqual([]);
  });

  test('the largest message, and a byte more: then nothing of the request is taken', async () => {
    const { post, stream } = givenWebhook();
    expect((await post(padded(MAX_RECORD_BYTES - 3))).statusCode).toBe(200);
    expect(await post(`[${JSON.stringify(track('ben', 1))},${padded(MAX_RECORD_BYTES - 2)}]`)).toMatchObject({ statusCode: 413, json: { error: 'MessageTooLarge' } });
    expect(stream).toHaveLength(1);
  });

  test('the most messages, and one more', async () => {
    const { post, stream } = givenWebhook();
    const many = Array.from({ length: MAX_MESSAGES }, () => '{}');
    expect((await post(`[${many.join()}]`)).json).toEqual({ success: true, messages: MAX_MESSAGES });
    stream.splice(0);
    expect(await post(`[${many.join()},{}]`)).toMatchObject({ statusCode: 413, json: { error: 'TooManyMessages' } });
    expect(stream).toEqual([]);
  });

  test('any bytes whatsoever are answered, and what is taken is JSON', async () => {
    const headers = fc.record({ 'content-type': fc.constantFrom('application/json', 'text/plain; charset=x', 'x'), 'content-encoding': fc.constantFrom('', 'gzip', 'identity', 'x') });
    const body = fc.oneof(fc.uint8Array().map((bytes) => Buffer.from(bytes)), fc.json().map((text) => Buffer.from(text)), fc.json().map((text) => gzipSync(text)));
    await fc.assert(fc.asyncProperty(body, headers, async (bytes, given) => {
      const { post, stream, errors } = givenWebhook({ config: { format: { kind: 'auto' } } });
      const { statusCode } = await post(bytes, given);
      expect([200, 400, 415]).toContain(statusCode);
      expect(stream.length > 0).toBe(statusCode === 200);
      stream.forEach(({ text }) => JSON.parse(text));
      expect(errors).toEqual([]);
    }), { numRuns: 300 });
  });
});

describe('a stream that refuses', () => {
  const busy = retry('ProvisionedThroughputExceededException');
  beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => jest.restoreAllMocks());

  test('what was refused, and only that, is sent again', async () => {
    const { post, requests, telemetry } = givenWebhook({
      outcomeOf: ({ PartitionKey }, call) => PartitionKey === 'ben' && call < 3 ? busy : { status: 'done' },
    });
    expect((await post([track('ana', 1), track('ben', 2), track('cy', 3)])).statusCode).toBe(200);
    expect(requests.map((request) => request.map(({ key }) => key))).toEqual([['ana', 'ben', 'cy'], ['ben'], ['ben']]);
    expect(telemetry.summary()).toEqual({ RecordsRetried: 2, RequestsAccepted: 1, MessagesAccepted: 3 });
  });

  test('the next record of a user waits for the one before', async () => {
    const large = (n: number) => ({ ...track('ana', n), pad: 'x'.repeat(700_000) });
    const { post, stream, requests } = givenWebhook({ outcomeOf: (_, call) => call === 1 ? busy : { status: 'done' } });
    expect((await post([large(1), large(2), large(3)])).statusCode).toBe(200);
    expect(requests).toHaveLength(4);
    expect(messagesOn(stream).ana).toEqual([large(1), large(2), large(3)]);
  });

  test('whatever is refused when: 200 only when all is there, each user in order', async () => {
    const outcomes = fc.infiniteStream(fc.boolean());
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom('ana', 'ben', 'cy'), { minLength: 1, maxLength: 6 }), outcomes, async (users, accepts) => {
      const messages = users.map((user, n) => ({ ...track(user, n), pad: 'x'.repeat(600_000) }));
      const { post, stream } = givenWebhook({ outcomeOf: () => accepts.next().value ? { status: 'done' } : busy });
      const { statusCode } = await post(messages);
      const found = messagesOn(stream);
      for (const user of new Set(users)) {
        const own = messages.filter(({ userId }) => userId === user);
        expect(found[user] ?? []).toEqual(own.slice(0, (found[user] ?? []).length));
        if (statusCode === 200) expect(found[user]).toHaveLength(own.length);
      }
      expect([200, 503]).toContain(statusCode);
      if (statusCode === 503) expect(stream.length).toBeLessThan(messages.length);
    }), { numRuns: 10 });
  });

  test('for too long: 503, and when to come again', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const { post, requests, telemetry, errors } = givenWebhook({ config: { responseSeconds: 0.25 }, outcomeOf: () => busy });
    expect(await post(track('ana', 1))).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(requests).toHaveLength(2);
    expect(telemetry.summary()).toMatchObject({ RequestsFailed: 1 });
    expect(JSON.stringify(errors)).not.toContain('ana');
  });

  test('the answer does not wait for a pause beyond the deadline', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    const { post, requests } = givenWebhook({ config: { responseSeconds: 0.05 }, outcomeOf: () => busy });
    expect((await post(track('ana', 1))).statusCode).toBe(503);
    expect(requests).toHaveLength(1);
  });
});

test('the elements of an array are the bytes between its commas', () => {
  fc.assert(fc.property(fc.array(fc.json()), fc.constantFrom('', ' ', '\n\t'), (texts, space) => {
    const written = Buffer.from(`${space}[${texts.map((text) => `${space}${text}${space}`).join(',')}]${space}`);
    expect(elementsOf(written)?.map(String)).toEqual(texts.map((text) => text.trim()));
  }));
  for (const text of ['', '{}', '[', '["]', '[1]x', '["\\"]', ']']) expect(elementsOf(Buffer.from(text))).toBeUndefined();
});

test('a header is found whatever its case, and a body that is text is taken too', async () => {
  const { take, stream, telemetry } = givenWebhook();
  const event = { ...eventOf({ headers: { AUTHORIZATION: `Bearer ${KEY}` } }), isBase64Encoded: false, body: JSON.stringify(track('ana', 1)) };
  expect((await take(event, telemetry)).statusCode).toBe(200);
  expect(stream).toHaveLength(1);
});
