import fc from 'fast-check';
import { rowsOf } from '../../local/services/pinpoint/csv';

test.each<[string, string[][] | undefined]>([
  ['a,b\n1,2\n', [['a', 'b'], ['1', '2']]],
  ['a,b\r\n1,2', [['a', 'b'], ['1', '2']]],
  ['a\n\n\n1\n', [['a'], ['1']]],
  ['a,\n,b\n', [['a', ''], ['', 'b']]],
  ['"a, ""b""",c\n', [['a, "b"', 'c']]],
  ['"a\r\nb",c\n', [['a\r\nb', 'c']]],
  ['"",x\n', [['', 'x']]],
  ['"""",x\n', [['"', 'x']]],
  ['a,"b\n', undefined],
  ['', []],
])('%j', (text, rows) => {
  expect(rowsOf(text)).toEqual(rows);
});

test('whatever is quoted comes back', () => {
  const cells = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  fc.assert(fc.property(cells, (rows) => {
    const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
    expect(rowsOf(text)).toEqual(rows);
  }));
});
