import { Duration, Lazy } from 'aws-cdk-lib';
import { checkConcrete, checkDuration, checkInteger, checkNeeds, checkNotBoth, checkText, refuse } from '../src/private/validate';

const BOUNDS = { min: 1, max: 5, remedy: 'leave it out' };
const laterNumber = Lazy.number({ produce: () => 99 });
const laterText = Lazy.string({ produce: () => '!' });

test('a message names prop, rule, value and remedy', () => {
  expect(() => refuse('prop', 'must be good', 'bad', 'be good')).toThrow(/^`prop` must be good, got: 'bad'; be good$/);
});

test.each<[unknown, string]>([
  [7, '7'], [true, 'true'], [['a'], '["a"]'], [undefined, 'undefined'], [Duration.minutes(90), '1 hour 30 minutes'],
  ['x'.repeat(200), `'${'x'.repeat(119)}…`],
])('a value is shown as one would write it (%#)', (value, shown) => {
  expect(() => refuse('prop', 'is wrong', value, 'right it')).toThrow(`\`prop\` is wrong, got: ${shown}; right it`);
});

describe('whole numbers', () => {
  test.each([undefined, 1, 5, laterNumber])('%p passes', (value) => {
    expect(() => checkInteger('n', value, BOUNDS)).not.toThrow();
  });

  test.each([0, 6, 1.5, NaN, Infinity, -1])('fails with %p', (value) => {
    expect(() => checkInteger('n', value, BOUNDS)).toThrow('`n` must be a whole number from 1 to 5');
  });
});

describe('numbers that synthesis needs', () => {
  test.each([undefined, 3])('%p passes', (value) => {
    expect(() => checkConcrete('n', value, 'since it is divided')).not.toThrow();
  });

  test('fails with a token', () => {
    expect(() => checkConcrete('n', laterNumber, 'since it is divided'))
      .toThrow(/^`n` must be known at synthesis, got: 'a token'; write the number, since it is divided$/);
  });
});

describe('durations', () => {
  test.each([undefined, Duration.seconds(1), Duration.millis(5000), Duration.seconds(laterNumber)])('%p passes', (value) => {
    expect(() => checkDuration('d', value, BOUNDS)).not.toThrow();
  });

  test.each([Duration.seconds(0), Duration.seconds(6), Duration.millis(1500)])('fails with %p', (value) => {
    expect(() => checkDuration('d', value, BOUNDS)).toThrow('`d` must be whole seconds from 1 second to 5 seconds');
  });
});

describe('texts', () => {
  test.each([undefined, 'abc', laterText, `x${laterText}`])('%p passes', (value) => {
    expect(() => checkText('t', value, /^[a-z]+$/, 'must be letters', 'write letters')).not.toThrow();
  });

  test('fails with another form', () => {
    expect(() => checkText('t', 'A', /^[a-z]+$/, 'must be letters', 'write letters')).toThrow("`t` must be letters, got: 'A'; write letters");
  });
});

test('props that exclude each other', () => {
  expect(() => checkNotBoth('a', 1, 'b', undefined, 'choose')).not.toThrow();
  expect(() => checkNotBoth('a', undefined, 'b', 2, 'choose')).not.toThrow();
  expect(() => checkNotBoth('a', 1, 'b', 2, 'choose')).toThrow(/^`a` and `b` exclude each other, got both; choose$/);
});

test('props that need another', () => {
  expect(() => checkNeeds('a', undefined, 'b', undefined, 'add b')).not.toThrow();
  expect(() => checkNeeds('a', 1, 'b', 2, 'add b')).not.toThrow();
  expect(() => checkNeeds('a', 1, 'b', undefined, 'add b')).toThrow(/^`a` needs `b`, got none; add b$/);
});
