import { ACCOUNT_ID, REGION, arn } from './environment';
import { RefusedError, UsageError } from './errors';
import { FunctionSpec } from './lambda/function-spec';
import { mayInvoke } from './lambda/permission';
import { Ledger } from './ledger';
import { Message } from './messages';
import { Session } from './session';
import { OfferChannel, offerChannels } from './targets';
import { JsonObject, isObject } from './template/model';

/** How the emulated Amazon Pinpoint invokes custom channels. */

/** Endpoints of one invocation, and bytes of its payload and of its answer.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/channels-custom.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ENDPOINTS = 50;
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
  return messages.flatMap(({ value, source }) => {
    const payload = payloadOf(value as JsonObject);
    if (!isObject(payload.Endpoints)) throw new UsageError(`${source}: is neither the payload of a custom channel nor a list of endpoints`);
    const endpoints = Object.entries(payload.Endpoints);
    const count = Math.max(1, Math.ceil(endpoints.length / ENDPOINTS));
    return Array.from({ length: count }, (_, index) =>
      ({ ...payload, Endpoints: Object.fromEntries(endpoints.slice(index * ENDPOINTS, (index + 1) * ENDPOINTS)) }));
  });
}

function payloadOf(value: JsonObject): JsonObject {
  const isList = !('Endpoints' in value) && Object.values(value).length > 0
    && Object.values(value).every((one) => isObject(one) && 'ChannelType' in one);
  return isList ? { Message: {}, ...CAMPAIGN, ScheduledTime: new Date().toISOString(), Endpoints: value } : value;
}

/** Invokes each channel of the app with each payload, under the name of the channel's own application. */
export async function invokeChannels(session: Session, payloads: readonly JsonObject[], ledger: Ledger): Promise<void> {
  for (const channel of offerChannels(session.host.specs, '--offer')) {
    for (const payload of payloads) {
      const invocation = { ...payload, ApplicationId: channel.applicationId };
      await invokeChannel(session, channel, invocation, ledger);
    }
  }
}

async function invokeChannel(session: Session, { fn, budgetSeconds }: OfferChannel, input: JsonObject, ledger: Ledger): Promise<void> {
  checkPermission(session, fn, input);
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > PAYLOAD_BYTES) throw new RefusedError(fn.construct, `the payload has ${bytes} bytes, and Lambda takes ${PAYLOAD_BYTES}`);
  const startedAt = performance.now();
  const invocation = await session.host.invoke(fn.name, input);
  const millis = Math.round(performance.now() - startedAt);
  session.offers.push({ construct: fn.construct, input, output: invocation.error ?? invocation.payload, millis });
  if (millis > budgetSeconds * 1000) ledger.problems.push(`${fn.construct}: the channel answered after ${millis} ms, when the caller had gone`);
  ledger.answered(fn.construct, invocation, Object.keys(input.Endpoints as JsonObject).length);
}

function checkPermission(session: Session, { name, construct }: FunctionSpec, input: JsonObject): void {
  const activity = typeof input.JourneyId === 'string' ? `journeys/${input.JourneyId}` : `campaigns/${String(input.CampaignId ?? 'unknown')}`;
  const caller = {
    functionName: name,
    principal: `pinpoint.${REGION}.amazonaws.com`,
    sourceAccount: ACCOUNT_ID,
    sourceArn: arn('mobiletargeting', `apps/${String(input.ApplicationId)}/${activity}`),
  };
  if (mayInvoke(session.permissions, caller)) return;
  session.recorder.denied.push({ construct, action: 'lambda:InvokeFunction', resource: `${name} by ${caller.sourceArn}` });
  throw new RefusedError(construct, `Amazon Pinpoint may not invoke ${name} on behalf of ${caller.sourceArn}`);
}
