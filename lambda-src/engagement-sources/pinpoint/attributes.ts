import { isObject, scalar, setOwn } from '../../mapping/values';
import type { Body } from '../members';

/** Attributes of the service's own events that have a field in the neutral event, or say nothing that its type does not. */
const KNOWN: ReadonlySet<string> = new Set([
  'campaign_id', 'campaign_activity_id', 'treatment_id', 'campaign_send_status', 'delivery_type',
  'journey_id', 'journey_run_id', 'journey_activity_id', 'journey_send_status', 'journey_activity_type',
  'record_status', 'message_id', 'destination_phone_number', 'feedback',
]);

/** The attributes that are left, as text; null is none. */
export function restOf(attributes: Body, service: boolean, smtpResponse: string | undefined): Record<string, string> {
  const rest: Record<string, string> = {};
  for (const name in attributes) {
    if (service && KNOWN.has(name)) continue;
    const value = attributes[name];
    const text = typeof value === 'string' ? value : scalar(value);
    if (text !== undefined) setOwn(rest, name, text);
  }
  if (smtpResponse !== undefined) rest.smtp_response = smtpResponse;
  return rest;
}

export function metricsOf(raw: unknown): Record<string, number> {
  const metrics: Record<string, number> = {};
  if (!isObject(raw)) return metrics;
  for (const name in raw) {
    const value = raw[name];
    if (typeof value === 'number') setOwn(metrics, name, value);
  }
  return metrics;
}
