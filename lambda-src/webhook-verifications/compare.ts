import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal, WebhookRequest } from '../webhook/request';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a text is one of the secrets. Digests are compared, so that neither time nor length tells anything; every secret is looked at. */
export function isOneOf(secrets: readonly string[], given: string): boolean {
  const mine = digest(given);
  return secrets.reduce((found, secret) => timingSafeEqual(digest(secret), mine) || found, false);
}

/**
 * Whether one of the hexadecimal signatures was made of the bytes with one of the secrets. However many a stranger sends, the bytes
 * are hashed once a secret.
 */
export function isSignedBy(
  secrets: readonly string[], algorithm: 'sha1' | 'sha256', signed: readonly (string | Buffer)[], signatures: readonly string[],
): boolean {
  const given = signatures.map((hex) => Buffer.from(hex, 'hex'));
  return secrets.reduce((found, secret) => {
    const hmac = createHmac(algorithm, secret);
    signed.forEach((part) => hmac.update(part));
    const expected = hmac.digest();
    return given.some((one) => one.length === expected.length && timingSafeEqual(expected, one)) || found;
  }, false);
}

export const HEX = /^(?:[0-9a-f]{2})+$/i;

export const missing = (what: string): Refusal => new Refusal(401, 'Unauthenticated', `the request has no ${what}`);
export const forged = (what: string): Refusal => new Refusal(401, 'Unauthenticated', `the ${what} is not valid`);

/** What stands behind a scheme such as `Bearer`, whose case does not count. */
export function credentialsOf({ headers }: WebhookRequest, header: string, scheme: string): string | undefined {
  const [first = '', rest] = (headers[header] ?? '').split(/ +(.*)/s);
  return first.toLowerCase() === scheme.toLowerCase() && rest ? rest : undefined;
}
