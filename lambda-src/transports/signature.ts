import { createHmac } from 'node:crypto';

/**
 * Header that proves who sent a body and when: `t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256>`.
 * Signed is `<t>.<body>`, the body byte for byte as it was sent, with the secret's UTF-8 bytes as the key. A receiver compares in
 * constant time, refuses what is older than some minutes, and ignores versions that it does not know.
 */
export const SIGNATURE_HEADER = 'x-cdp-signature';

export function signatureOf(body: string, key: string, nowMillis: number): string {
  const seconds = Math.floor(nowMillis / 1000);
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`;
}
