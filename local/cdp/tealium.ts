import { CdpAccount, CdpAnswer, CdpApi, CdpRequest, isJsonType, refused, textAt } from './api';
import { CdpMessage } from './inbox';
import { TealiumDestinationConfig } from '../../src/contract/cdp-destination';
import { JsonObject, isObject } from '../template/model';

/** @see https://docs.tealium.com/platforms/http-api/endpoint/ */
const PATH = /\/(v3\/collect\/)?(event|bulk-event|integration\/event\/accounts\/[^/]+\/profiles\/[^/]+\/datasources\/[^/]+)$/;
const BULK = 10;
const REQUEST_BYTES = 1_000_000;
const BAD_REQUEST = 1400;

/** Tealium removes no duplicates by itself; a profile can by one of these. */
const ID_KEYS: readonly string[] = ['event_id', 'message_id', 'messageId', 'tealium_message_id'];

export const tealium: CdpApi<TealiumDestinationConfig> = {
  serves: ({ path }) => PATH.test(path),
  authorized: ({ headers, path }, { config: { token }, secretOf }) => {
    // Version 3 takes a bearer token; the older public endpoint takes none.
    if (token === undefined) return !path.includes('/v3/');
    return headers.authorization === `Bearer ${secretOf(token)}`;
  },
  take,
};

function take(request: CdpRequest, account: CdpAccount<TealiumDestinationConfig>): CdpAnswer {
  const { method, path, json, body } = request;
  if (method !== 'POST') return refused(405, { message: 'only POST is emulated' });
  if (body.length > REQUEST_BYTES) return bad(`larger than ${REQUEST_BYTES} bytes`);
  if (!isJsonType(request) || !isObject(json)) return bad('Request body must be a JSON object.');
  if (hasDot(json)) return bad('a key must not contain a dot');
  const kind = PATH.exec(path)?.[2] ?? '';
  if (kind === 'bulk-event') return bulk(json, account);
  const message = judged(json, account, kind === 'event');
  // Some errors are told in a header only.
  if (message.rejected !== undefined) return { status: 200, headers: { 'x-error': message.rejected }, messages: [message] };
  return { status: kind === 'event' ? 200 : 204, messages: [message] };
}

function bulk(json: JsonObject, account: CdpAccount<TealiumDestinationConfig>): CdpAnswer {
  const { shared = {}, events } = json;
  if (!Array.isArray(events)) return bad('Request body must contain \'events\' key.');
  if (events.length > BULK) return bad(`more than ${BULK} events`);
  const common = isObject(shared) ? shared : {};
  const messages = events.map((event) => judged(isObject(event) ? { ...common, ...event } : event, account, true));
  const error = messages.find(({ rejected }) => rejected !== undefined)?.rejected;
  return { status: 200, headers: error === undefined ? {} : { 'x-error': error }, messages };
}

function judged(content: unknown, { config }: CdpAccount<TealiumDestinationConfig>, named: boolean): CdpMessage {
  const id = ID_KEYS.map((key) => textAt(content, key)).find((one) => one !== undefined);
  return { id, content, rejected: named ? flawOf(content, config) : undefined, told: true };
}

function flawOf(content: unknown, { account, profile }: TealiumDestinationConfig): string | undefined {
  const [ownAccount, ownProfile] = [textAt(content, 'tealium_account'), textAt(content, 'tealium_profile')];
  if (ownAccount === undefined || ownProfile === undefined) return 'Missing required tealium_account or tealium_profile param value';
  return ownAccount === account && ownProfile === profile ? undefined : `unknown account or profile ${ownAccount}/${ownProfile}`;
}

function hasDot(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasDot);
  return isObject(value) && Object.entries(value).some(([key, one]) => key.includes('.') || hasDot(one));
}

function bad(message: string): CdpAnswer {
  return refused(400, { returnCode: BAD_REQUEST, message });
}
