import { CdpAnswer, CdpApi, CdpRequest, basicOf, bytesOf, isJsonType, refused, textAt } from './api';
import { CdpMessage } from './inbox';
import { RudderStackDestinationConfig, SegmentDestinationConfig } from '../../src/contract/cdp-destination';
import { isObject } from '../template/model';

interface Rules {
  readonly path: RegExp;
  readonly types: readonly string[];
  readonly requestBytes: number;
  readonly messageBytes: number;
  readonly batchSize: number;
}

/** Whether a kilobyte has 1,000 or 1,024 bytes is not said; what is larger than the smaller reading is refused. */
const SEGMENT_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'];

/** @see https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ */
const SEGMENT: Rules = {
  path: /\/v1\/(identify|track|page|screen|group|alias|batch)$/,
  types: SEGMENT_TYPES,
  requestBytes: 500_000,
  messageBytes: 32_000,
  batchSize: 2_500,
};

/** @see https://www.rudderstack.com/docs/api/http-api/ */
const RUDDERSTACK: Rules = {
  path: /\/v1\/(identify|track|page|screen|group|alias|merge|batch)$/,
  types: [...SEGMENT_TYPES, 'merge'],
  requestBytes: 4_000_000,
  messageBytes: 32_000,
  batchSize: Number.POSITIVE_INFINITY,
};

/** A messageId is shorter than this. */
const ID_LENGTH = 100;

type Config = SegmentDestinationConfig | RudderStackDestinationConfig;

export const segment: CdpApi<Config> = apiOf(SEGMENT);
export const rudderStack: CdpApi<Config> = apiOf(RUDDERSTACK);

function apiOf(rules: Rules): CdpApi<Config> {
  return {
    serves: ({ path }) => rules.path.test(path),
    authorized: (request, { config, secretOf }) => {
      const key = secretOf(config.writeKey);
      // The key is the user name; the colon before the empty password is required.
      return key !== undefined && (basicOf(request) ?? `${textAt(request.json, 'writeKey')}:`) === `${key}:`;
    },
    take: (request) => take(request, rules),
  };
}

function take(request: CdpRequest, rules: Rules): CdpAnswer {
  const { path, method, json, body } = request;
  if (method !== 'POST') return refused(405, { success: false, message: 'method not allowed' });
  const [, type = ''] = rules.path.exec(path) ?? [];
  const isBatch = type === 'batch';
  if (body.length > (isBatch ? rules.requestBytes : rules.messageBytes)) return refused(400, { success: false, message: 'payload too large' });
  if (!isJsonType(request) || !isObject(json)) return refused(400, { success: false, message: 'malformed JSON' });
  const messages: unknown = isBatch ? json.batch : [{ type, ...json }];
  if (!Array.isArray(messages)) return refused(400, { success: false, message: 'batch must be a list' });
  // A batch with too many events is answered with 200 and thrown away.
  const whole = messages.length > rules.batchSize ? `more than ${rules.batchSize} events in a batch` : undefined;
  return { status: 200, body: { success: true }, messages: messages.map((one: unknown) => judged(one, rules, whole)) };
}

function judged(content: unknown, rules: Rules, whole: string | undefined): CdpMessage {
  return { id: textAt(content, 'messageId'), content, rejected: whole ?? flawOf(content, rules) };
}

/** Answered with 200 all the same. */
function flawOf(content: unknown, { types, messageBytes }: Rules): string | undefined {
  if (!isObject(content)) return 'no object';
  if (bytesOf(content) > messageBytes) return `larger than ${messageBytes} bytes`;
  if (!types.includes(String(content.type))) return `unknown type ${JSON.stringify(content.type)}`;
  if (textAt(content, 'userId') === undefined && textAt(content, 'anonymousId') === undefined) return 'neither userId nor anonymousId';
  if (content.type === 'track' && textAt(content, 'event') === undefined) return 'a track call without event';
  if ((textAt(content, 'messageId') ?? '').length >= ID_LENGTH) return `a messageId of ${ID_LENGTH} characters or more`;
  for (const name of ['timestamp', 'sentAt']) {
    const value = content[name];
    if (value !== undefined && Number.isNaN(Date.parse(String(value)))) return `${name} is no date`;
  }
  return undefined;
}
