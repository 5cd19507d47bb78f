import * as fc from 'fast-check';
import { decodeData } from '../../../lambda-src/runtime/decode';

const decode = (data: string | Buffer) => decodeData(Buffer.from(data).toString('base64'));

test.each<[string, string, unknown[]]>([
  ['one object', '{"userId":"u1"}', [{ userId: 'u1' }]],
  ['one object over several lines', '{\n  "userId": "u1"\n}\n', [{ userId: 'u1' }]],
  ['an array', '[{"userId":"u1"},{"userId":"u2"}]', [{ userId: 'u1' }, { userId: 'u2' }]],
  ['newline-delimited JSON', '{"userId":"u1"}\n{"userId":"u2"}\n', [{ userId: 'u1' }, { userId: 'u2' }]],
  ['newline-delimited JSON with CRLF and empty lines', '\r\n{"userId":"u1"}\r\n\r\n  \n{"userId":"u2"}', [{ userId: 'u1' }, { userId: 'u2' }]],
  ['a byte order mark', '\uFEFF{"userId":"u1"}', [{ userId: 'u1' }]],
  ['a byte order mark before lines', '\uFEFF{"userId":"u1"}\n{"userId":"u2"}', [{ userId: 'u1' }, { userId: 'u2' }]],
  ['white space around', '  {"userId":"u1"}  ', [{ userId: 'u1' }]],
  ['a scalar', '5', [5]],
  ['null', 'null', [null]],
  ['characters of two, three and four bytes', '{"name":"Zoë ✓ 😀"}', [{ name: 'Zoë ✓ 😀' }]],
  ['the character that stands for what is no text', '{"name":"Zo\ufffd"}', [{ name: 'Zo\ufffd' }]],
  ['a name that means something to JavaScript', '{"__proto__":{"admin":true}}', [JSON.parse('{"__proto__":{"admin":true}}')]],
])('%s', (_, data, bodies) => {
  const decoded = decode(data);
  expect(decoded.map((one) => 'body' in one ? one.body : one)).toEqual(bodies);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test.each<[string, string | Buffer, string]>([
  ['nothing', '', 'EmptyRecord'],
  ['white space', ' \r\n\t ', 'EmptyRecord'],
  ['an empty array', '[]', 'EmptyRecord'],
  ['a byte order mark alone', '\uFEFF', 'EmptyRecord'],
  ['bytes that are no text', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff]), 'NotUtf8'],
  ['a character cut in half', Buffer.from('{"name":"Zoë"}').subarray(0, 12), 'NotUtf8'],
  ['text that is no JSON', 'hello', 'NotJson'],
  ['JSON over several lines that was cut off', '{\n  "userId": "u1",\n  "traits": {\n  }', 'NotJson'],
  ['an array without one message', '[1,"two",null,[3]]', 'NotAnObject'],
])('%s is one bad part that keeps every byte', (_, data, code) => {
  expect(decode(data)).toEqual([{ code, reason: expect.any(String), raw: Buffer.from(data) }]);
});

test('half-bad lines: the good ones go on, a bad one is kept as it was', () => {
  expect(decode('{"userId":"u1"}\n{"userId":\n{"userId":"u2"}')).toEqual([
    { body: { userId: 'u1' }, text: '{"userId":"u1"}' },
    { code: 'NotJson', reason: expect.any(String), raw: Buffer.from('{"userId":') },
    { body: { userId: 'u2' }, text: '{"userId":"u2"}' },
  ]);
});

test('the text of a message that stands alone is kept, with digits that JSON.parse loses', () => {
  const id = '{"userId":"u1","mpid":-7346244611012968789}';
  expect(decode(id)).toEqual([{ body: expect.anything(), text: id }]);
  expect(decode(`${id}\n${id}`).map((one) => 'text' in one && one.text)).toEqual([id, id]);
});

test('records of any length follow one another', () => {
  const text = fc.record({ unit: fc.constantFrom('a', 'ë', '✓', '😀', '\\"'), times: fc.constantFrom(0, 1, 7, 1_000, 70_000) });
  fc.assert(fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (texts) => {
    const bodies = texts.map(({ unit, times }) => ({ traits: unit.repeat(times) }));
    expect(bodies.map((body) => decode(JSON.stringify(body)))).toEqual(bodies.map((body) => [{ body, text: JSON.stringify(body) }]));
  }), { numRuns: 30 });
});

test('an array of a hundred thousand numbers is refused as one', () => {
  expect(decode(JSON.stringify(new Array(100_000).fill(0)))).toHaveLength(1);
});
