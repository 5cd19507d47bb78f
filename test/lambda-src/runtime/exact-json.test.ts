import * as fc from 'fast-check';
import { createFormat } from '../../../lambda-src/formats';
import { decodeData } from '../../../lambda-src/runtime/decode';
import { parseExact, writeExact } from '../../../lambda-src/runtime/exact-json';
import { dataOf, Kind, SHAPES } from '../support/any-json';
import { formatConfig } from '../support/formats';

test.each([
  '{"mpid":-7346244611012968789,"a":[18446744073709551616,1.00,1e2,1E+2,-0,0.1,1e999,-1e-400,5,null,true,"x"]}',
  '["12345678901234567890","\\"12345678901234567890\\"","a\\\\",12345678901234567890]',
  '{"12345678901234567890":12345678901234567890,"__proto__":1.0,"1.0":"1.0"}',
  '12345678901234567890', '1.0', '"1.0"', '{}', '[]',
])('%s is written as it came', (text) => {
  expect(writeExact(parseExact(text))).toBe(text);
});

test.each(['{"a":01}', '{1.0:2}', '[1.0.0]', '{"a":1.}', 'NaN', '"', ''])('what is no JSON stays none: %s', (text) => {
  expect(() => parseExact(text)).toThrow(SyntaxError);
});

test('what can\'t be written otherwise is as JSON.parse has it', () => {
  const text = '{"a":[1,-2.5,"b"],"c":{"d":null}}';
  expect(parseExact(text)).toEqual(JSON.parse(text));
  expect(parseExact('{"a":1.0}')).toEqual({ a: expect.any(Symbol) });
});

test('texts of a megabyte and nesting of fifty thousand are no trouble', () => {
  const long = JSON.stringify({ a: '\n"'.repeat(500_000), b: 1 });
  expect(writeExact(parseExact(long))).toBe(long);
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  expect(Array.isArray(parseExact(deep))).toBe(true);
});

test('what an envelope shares may be a number where it should be an object', () => {
  const { split } = createFormat(formatConfig('tealium'));
  const text = '{"shared":18446744073709551610,"events":["identify",{"tealium_event":"identify","user_id":"u1"}]}';
  expect(split(parseExact(text))).toEqual(split(JSON.parse(text)));
});

/** Numbers that JSON.parse does not keep, in the place of some. */
const withBigNumbers = (text: string | Uint8Array) => typeof text === 'string' ? text.replace(/([:[,])(\d)(?=[,}\]])/g, '$11844674407370955161$2') : text;

test.each(Object.keys(SHAPES) as Kind[])('%s: a record is taken apart into the same messages, whatever numbers are in it', (kind) => {
  const { split } = createFormat(formatConfig(kind));
  fc.assert(fc.property(dataOf(kind).map(withBigNumbers), (data) => {
    const base64 = Buffer.from(data).toString('base64');
    const taken = (parse?: typeof parseExact) => decodeData(base64, parse).flatMap((part) => 'raw' in part ? [part] : [...split(part.body)]);
    const [plain, exact] = [taken(), taken(parseExact)];
    expect(exact).toHaveLength(plain.length);
    expect(exact.map((body) => JSON.stringify(JSON.parse(writeExact(body))))).toEqual(plain.map((body) => JSON.stringify(body)));
  }), { numRuns: 300 });
});
