import * as fc from 'fast-check';
import { jsonText } from '../../../lambda-src/offers/json';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const ALLOWED = /^[\u{9}\u{A}\u{D}\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

const deep = (depth: number): string => `${'{"a":['.repeat(depth)}"é\\n",null,true,1.5,{}${']}'.repeat(depth)}`;

test.each([1, 100_000])('%i levels: what JSON.parse reads is written as it was', (depth) => {
  expect(jsonText(JSON.parse(deep(depth)))).toBe(deep(depth));
});

test('beside what is nested too deep, lists of any length', () => {
  const value = JSON.parse(`{"list":${JSON.stringify(Array(300_000).fill(0))},"deep":${deep(50_000)}}`);
  expect(jsonText(value)).toBe(`{"list":${JSON.stringify(Array(300_000).fill(0))},"deep":${deep(50_000)}}`);
  expect(jsonText({ left: undefined, deep: JSON.parse(deep(50_000)) })).toBe(`{"deep":${deep(50_000)}}`);
});

test.each(['\uFFFE', '\uFFFF', '\u0000', '\u000B', '\uD800', '\uDFFF', '\u{1F600}', '\u{10FFFF}', '\u007F', '\uFFFD'])('a character that SQS refuses is escaped: %j', (character) => {
  const text = jsonText({ [character]: [`${character}x${character}`] });
  expect(text).toMatch(ALLOWED);
  expect(JSON.parse(text)).toEqual({ [character]: [`${character}x${character}`] });
});

test('any JSON is the same after it, in characters that SQS takes', () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
    expect(jsonText(value)).toMatch(ALLOWED);
    expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
  }));
});

test('what JSON has no way to write is an error of ours, and stays one', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(() => jsonText(circle)).toThrow(TypeError);
});
