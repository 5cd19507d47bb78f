import { CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Channel } from '../../src/contract/trait-mapping';

/** Longest e-mail address there is. @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 (path of 256 with its brackets) */
const MAX_EMAIL_LENGTH = 254;
const EMAIL = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/;
const E164 = /^\+[1-9]\d{6,14}$/;

/** An address in the form its channel takes, or undefined when it is none. */
export function normalizeAddress(channel: Channel, raw: string, defaultCountry?: string): string | undefined {
  const address = raw.trim();
  switch (channel) {
    case 'EMAIL': return address.length <= MAX_EMAIL_LENGTH && EMAIL.test(address) ? address : undefined;
    case 'SMS':
    case 'VOICE': return normalizePhone(address, defaultCountry);
    default: return address === '' ? undefined : address;
  }
}

/** E.164. A number without `+` needs the default country; a number in E.164 is taken as it is, so that test numbers pass, but not its `(0)`. */
function normalizePhone(raw: string, defaultCountry?: string): string | undefined {
  const compact = raw.replace(/[\s().-]/g, '');
  if (E164.test(compact) && !raw.includes('(0)')) return compact;
  const phone = parsePhoneNumberFromString(raw, defaultCountry as CountryCode | undefined);
  return phone?.isPossible() ? phone.number : undefined;
}
