import { ACCOUNT_ID } from './environment';
import { RefusedError } from './errors';
import { mayInvoke } from './lambda/permission';
import { Ledger } from './ledger';
import { Message } from './messages';
import { callerOf, invocationsOf } from './offer-callers';
import { Session } from './session';
import { OfferChannel, offerChannels } from './targets';
import { JsonObject, isObject } from './template/model';

/** How the emulated services invoke channels. */

/** Bytes of an invocation's payload and of its answer.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PAYLOAD_BYTES = 6 * 1024 * 1024;

/** What stands in for the ids that a list of endpoints alone does not bring. */
const CAMPAIGN = { CampaignId: 'b1d3c5e7f9a0415c8e2d4f6a8b0c2d4e', TreatmentId: '0', ActivityId: '7c6d5e4f3a2b41909f8e7d6c5b4a3f2e' };

/** An invocation and its answer, for the report. */
export interface OfferRecord {
  readonly construct: string;
  readonly input: object;
  readonly output: unknown;
  readonly millis: number;
}

/** Payloads of invocations as a file has them, or lists of endpoints. Split as the service does. */
export function offerInvocations(messages: readonly Message[]): JsonObject[] {
  return messages.flatMap(({ value, source }) => invocationsOf(payloadOf(value as JsonObject), source));
}

function payloadOf(value: JsonObject): JsonObject {
  const isList = !('Endpoints' in value) && Object.values(value).length > 0
    && Object.values(value).every((one) => isObject(one) && 'ChannelType' in one);
  return isList ? { Message: {}, ...CAMPAIGN, ScheduledTime: new Date().toISOString(), Endpoints: value } : value;
}

/** Invokes each channel of the app with each payload of its service, under the name of the channel's own application. */
export async function invokeChannels(session: Session, payloads: readonly JsonObject[], ledger: Ledger): Promise<void> {
  const channels = offerChannels(session.host.specs, '--offer');
  const strange = payloads.find((payload) => !channels.some(({ caller }) => callerOf(caller).sends(payload)));
  if (strange) throw new RefusedError('--offer', `no channel of the app takes a payload with ${Object.keys(strange).join(', ')}`);
  for (const channel of channels) {
    const { sends, addressed } = callerOf(channel.caller);
    for (const payload of payloads.filter(sends)) await invokeChannel(session, channel, addressed(payload, channel.caller), ledger);
  }
}

async function invokeChannel(session: Session, channel: OfferChannel, input: JsonObject, ledger: Ledger): Promise<void> {
  const { fn, caller } = channel;
  const service = callerOf(caller);
  checkPermission(session, channel, input);
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > PAYLOAD_BYTES) throw new RefusedError(fn.construct, `the payload has ${bytes} bytes, and Lambda takes ${PAYLOAD_BYTES}`);
  const startedAt = performance.now();
  const invocation = await session.host.invoke(fn.name, input);
  const millis = Math.round(performance.now() - startedAt);
  session.offers.push({ construct: fn.construct, input, output: invocation.error ?? invocation.payload, millis });
  if (millis > caller.budgetSeconds * 1000) ledger.problems.push(`${fn.construct}: the channel answered after ${millis} ms, when the caller had gone`);
  if (!invocation.error) {
    ledger.problems.push(...service.complaints(input, invocation.payload).map((complaint) => `${fn.construct}: ${service.name}: ${complaint}`));
  }
  ledger.answered(fn.construct, invocation, service.recipients(input).length);
}

function checkPermission(session: Session, { fn: { name, construct }, caller }: OfferChannel, input: JsonObject): void {
  const service = callerOf(caller);
  for (const { principal, sourceArn } of service.callers(input, caller)) {
    if (mayInvoke(session.permissions, { functionName: name, sourceAccount: ACCOUNT_ID, principal, sourceArn })) continue;
    session.recorder.denied.push({ construct, action: 'lambda:InvokeFunction', resource: `${name} by ${sourceArn}` });
    throw new RefusedError(construct, `${service.name} may not invoke ${name} on behalf of ${sourceArn}`);
  }
}
