import { hash } from 'node:crypto';

/** Hexadecimal digits that are kept of the hash: 128 bits, and well below the 100 characters that CDPs allow. */
export const ID_LENGTH = 32;

/** The same for the same value, whoever computes it and when; undefined counts as null. */
export function digest(value: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(value), 'hex').slice(0, ID_LENGTH);
}

/**
 * Stands in for the user of an event that names none: the same for the same address, and not the address itself, since ids end up in
 * logs and links. Who knows the address can compute it.
 */
export function pseudonym(kind: 'email' | 'phone' | 'message', value: string): string {
  return digest([kind, kind === 'email' ? value.toLowerCase() : value]);
}
