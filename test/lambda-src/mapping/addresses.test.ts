import { normalizeAddress } from '../../../lambda-src/mapping/addresses';
import type { Channel } from '../../../src/contract/trait-mapping';

test.each<[Channel, string, string | undefined, string | undefined]>([
  ['EMAIL', 'a@example.com', undefined, 'a@example.com'],
  ['EMAIL', '  Ann.Lee+news@Example.COM\n', undefined, 'Ann.Lee+news@Example.COM'],
  ['EMAIL', 'zoë@exämple.de', undefined, 'zoë@exämple.de'],
  ['EMAIL', `${'a'.repeat(242)}@example.com`, undefined, `${'a'.repeat(242)}@example.com`],
  ['EMAIL', `${'a'.repeat(243)}@example.com`, undefined, undefined],
  ['EMAIL', 'Ann <a@example.com>', undefined, undefined],
  ['EMAIL', 'a@b@example.com', undefined, undefined],
  ['EMAIL', 'a,b@example.com', undefined, undefined],
  ['EMAIL', 'example.com', undefined, undefined],
  ['EMAIL', '@example.com', undefined, undefined],
  ['SMS', '+12065550100', undefined, '+12065550100'],
  ['SMS', '+1 (206) 555-0100', undefined, '+12065550100'],
  ['VOICE', '+49.30.1234567', undefined, '+49301234567'],
  ['SMS', '+44 (0)20 7946 0018', undefined, '+442079460018'],
  ['SMS', '206 555 0100', 'US', '+12065550100'],
  ['SMS', '206 555 0100', undefined, undefined],
  ['SMS', '+0123456789', undefined, undefined],
  ['SMS', '+12', undefined, undefined],
  ['SMS', '123', 'US', undefined],
  ['SMS', 'call me', 'US', undefined],
  ['SMS', '', 'US', undefined],
  ['SMS', '+1234567890123456', undefined, undefined],
  ['CUSTOM', ' anything at all ', undefined, 'anything at all'],
  ['APNS', ' ', undefined, undefined],
])('%s %p in %p is %p', (channel, raw, country, expected) => {
  expect(normalizeAddress(channel, raw, country)).toBe(expected);
});

test('long text costs little', () => {
  const start = performance.now();
  for (const text of ['a'.repeat(1e6), '@'.repeat(1e6), '+'.repeat(1e6), '1'.repeat(1e6), ' '.repeat(1e6), '(1-'.repeat(3e5)]) {
    expect(normalizeAddress('EMAIL', text)).toBeUndefined();
    expect(normalizeAddress('SMS', text, 'US')).toBeUndefined();
  }
  expect(performance.now() - start).toBeLessThan(5_000);
});
