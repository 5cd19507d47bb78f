import { hash } from 'node:crypto';
import { ID_LENGTH } from '../digest';
import type { Body } from '../members';

/**
 * The record has no id, so its text is hashed. Not its place on the stream: a producer that is not sure of having written a record
 * writes it again, and that is one event. Nor our own words, which a release may change while an archive is replayed. Two events of
 * one id therefore say the same.
 *
 * `text` is the record as it was written, where it stands alone. `arrival` is that of a record that has no time.
 */
export function eventId(body: Body, text = JSON.stringify(body), arrival?: string): string {
  const written = text.trim();
  return hash('sha256', arrival === undefined ? written : written + arrival, 'hex').slice(0, ID_LENGTH);
}
