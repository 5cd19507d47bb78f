import { REGION, arn } from './environment';
import { UsageError } from './errors';
import { ServiceCaller } from './lambda/permission';
import { JsonObject, isObject } from './template/model';
import { OfferCallerConfig, OfferCallerKind } from '../src/contract/offer-caller';

/** How each service invokes the function of a channel, and what it wants of the answer. */
export interface EmulatedCaller<C> {
  readonly name: string;
  /** Whether a payload is one of this service. */
  sends(payload: JsonObject): boolean;
  /** As many invocations as the service makes of it. */
  split(payload: JsonObject): JsonObject[];
  /** The payload under the name of the channel's own application or instance. */
  addressed(payload: JsonObject, config: C): JsonObject;
  /** On whose behalf it invokes; each of them must be allowed to. */
  callers(input: JsonObject, config: C): Pick<ServiceCaller, 'principal' | 'sourceArn'>[];
  recipients(input: JsonObject): string[];
  /** What the answer says of a recipient. */
  told(output: unknown, recipient: string): JsonObject | undefined;
  /** What the service would not take of the answer. */
  complaints(input: JsonObject, output: unknown): string[];
}

/** Endpoints of one invocation.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/channels-custom.html */
const ENDPOINTS = 50;

const pinpoint: EmulatedCaller<Extract<OfferCallerConfig, { kind: 'pinpoint' }>> = {
  name: 'Amazon Pinpoint',
  sends: ({ Endpoints }) => isObject(Endpoints),
  split: (payload) => {
    const endpoints = Object.entries(payload.Endpoints as JsonObject);
    const count = Math.max(1, Math.ceil(endpoints.length / ENDPOINTS));
    return Array.from({ length: count }, (_, index) =>
      ({ ...payload, Endpoints: Object.fromEntries(endpoints.slice(index * ENDPOINTS, (index + 1) * ENDPOINTS)) }));
  },
  addressed: (payload, { applicationId }) => ({ ...payload, ApplicationId: applicationId }),
  callers: ({ ApplicationId, JourneyId, CampaignId }) => {
    const activity = typeof JourneyId === 'string' ? `journeys/${JourneyId}` : `campaigns/${String(CampaignId ?? 'unknown')}`;
    return [{ principal: `pinpoint.${REGION}.amazonaws.com`, sourceArn: arn('mobiletargeting', `apps/${String(ApplicationId)}/${activity}`) }];
  },
  recipients: ({ Endpoints }) => Object.keys(Endpoints as JsonObject),
  told: (output, endpointId) => {
    const answer = isObject(output) ? output[endpointId] : undefined;
    return isObject(answer) && isObject(answer.EventAttributes) ? answer.EventAttributes : undefined;
  },
  complaints: () => [],
};

/** Bytes of the answer for one profile.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/lambda-invoke-functions.html */
const RESULT_BYTES = 32 * 1024;

const connectJourney: EmulatedCaller<Extract<OfferCallerConfig, { kind: 'connect-journey' }>> = {
  name: 'Amazon Connect',
  sends: ({ Items }) => isObject(Items) && Array.isArray(Items.CustomerProfiles),
  split: (payload) => [payload],
  addressed: (payload) => payload,
  callers: (_, { instanceArn: sourceArn }) =>
    ['connect-campaigns.amazonaws.com', 'connect.amazonaws.com'].map((principal) => ({ principal, sourceArn })),
  recipients: (input) => profilesIn(input).map((profile, index) => idOf(profile, 'ProfileId') ?? `#${index}`),
  told: (output, profileId) => {
    const answer = profilesIn(output).find((one) => idOf(one, 'Id') === profileId);
    return isObject(answer) && isObject(answer.ResultData) ? answer.ResultData : undefined;
  },
  complaints: (input, output) => {
    const answers = new Map(profilesIn(output).map((one) => [idOf(one, 'Id'), one]));
    const asked = new Set(profilesIn(input).flatMap((profile) => idOf(profile, 'ProfileId') ?? []));
    return [
      ...[...asked].filter((id) => !answers.has(id)).map((id) => `the answer has nothing for the profile ${id}`),
      ...[...answers.keys()].filter((id) => id === undefined || !asked.has(id))
        .map((id) => `the answer is for a profile that was not asked for: ${String(id)}`),
      ...[...answers].filter(([, one]) => Buffer.byteLength(JSON.stringify(one)) > RESULT_BYTES).map(([id]) => `the answer for ${String(id)} is too long`),
    ];
  },
};

function profilesIn(body: unknown): unknown[] {
  const items = isObject(body) ? body.Items : undefined;
  return isObject(items) && Array.isArray(items.CustomerProfiles) ? items.CustomerProfiles : [];
}

function idOf(profile: unknown, member: 'ProfileId' | 'Id'): string | undefined {
  const id = isObject(profile) ? profile[member] : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

const CALLERS: { readonly [K in OfferCallerKind]: EmulatedCaller<Extract<OfferCallerConfig, { kind: K }>> } = {
  'pinpoint': pinpoint, 'connect-journey': connectJourney,
};

export function callerOf({ kind }: OfferCallerConfig): EmulatedCaller<OfferCallerConfig> {
  return CALLERS[kind] as EmulatedCaller<OfferCallerConfig>;
}

/** What was said of each recipient of an invocation; undefined for one that is not in the answer. */
export function answersIn(input: object, output: unknown): (readonly [string, JsonObject | undefined])[] {
  const payload = input as JsonObject;
  const caller = Object.values(CALLERS).find(({ sends }) => sends(payload));
  return caller?.recipients(payload).map((recipient) => [recipient, caller.told(output, recipient)] as const) ?? [];
}

/** The invocations that a payload of a file makes. */
export function invocationsOf(payload: JsonObject, source: string): JsonObject[] {
  const caller = Object.values(CALLERS).find(({ sends }) => sends(payload));
  if (!caller) throw new UsageError(`${source}: is neither the payload of a custom channel nor a list of endpoints nor that of a custom action`);
  return caller.split(payload);
}
