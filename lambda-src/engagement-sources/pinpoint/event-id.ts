import { hash } from 'node:crypto';
import { ID_LENGTH } from '../digest';
import { Body, nested } from '../members';

/**
 * The record has no id, so one is made of everything that tells its event from another: whom, what, when, and what else is said of it.
 * Not of the record's place on the stream: a producer that is not sure of having written a record writes it again, and that is one event.
 * Not of what only describes the sender of the record (SDK, device, mail headers), nor of our own words, which a release may change
 * while an archive is replayed. Two events of one id therefore say the same.
 *
 * `arrival` is that of the record, which stands in for the time of an event that has none.
 */
export function eventId(body: Body, sourceType: string, attributes: Body, arrival: unknown = body.arrival_timestamp): string {
  const mailEvent = nested(nested(nested(body, 'facets'), 'email_channel'), 'mail_event');
  const { message_id: messageId, destination } = nested(mailEvent, 'mail');
  const { delivery, open, click, bounce, complaint, reject } = mailEvent;
  const said = JSON.stringify([
    nested(body, 'application').app_id, sourceType, nested(body, 'client').client_id, body.event_timestamp, arrival,
    nested(body, 'session').session_id, attributes, body.metrics, messageId, destination, delivery ?? open ?? click ?? bounce ?? complaint ?? reject,
  ]);
  // As it is: escaping a JSON string would cost more than hashing it.
  const { endpoint } = nested(nested(body, 'client_context'), 'custom');
  return hash('sha256', typeof endpoint === 'string' ? said + endpoint : said, 'hex').slice(0, ID_LENGTH);
}
