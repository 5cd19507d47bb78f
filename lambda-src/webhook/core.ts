import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { readBody, tooLarge } from './body';
import { putAll, PutRecords } from './put';
import { recordsOf } from './records';
import { answer, Refusal, refused, requestOf, unavailable, Unavailable, WebhookRequest } from './request';
import { userKeys } from './user-key';
import { WebhookConfig, WebhookMetric as Metric } from '../../src/contract/webhook';
import type { Format } from '../formats';
import { before } from '../runtime/deadline';
import type { AcceptedSecrets } from '../runtime/secrets';
import type { Telemetry } from '../runtime/telemetry';
import type { Verification } from '../webhook-verifications';

export interface WebhookDeps {
  readonly config: WebhookConfig;
  readonly format: Format;
  readonly verification: Verification;
  readonly secrets: AcceptedSecrets;
  readonly put: PutRecords;
  readonly logger: Pick<Logger, 'error'>;
}

/** Formats that read CloudEvents. */
const ENVELOPED: ReadonlySet<string> = new Set(['cloudevents', 'auto']);

/** One request: who sent it, what it brings, and 200 when all of it is on the stream. Whatever fails here is answered, never thrown. */
export function createWebhook({ config, format, verification, secrets, put, logger }: WebhookDeps) {
  const keyOf = userKeys(format, config.userIdField);
  return async (event: APIGatewayProxyEvent, telemetry: Telemetry): Promise<APIGatewayProxyResult> => {
    try {
      const request = requestOf(event);
      if (request.method === 'OPTIONS' && verification.handshake) return answer(200, {}, verification.handshake(request));
      return await take(request, telemetry);
    } catch (error) {
      return refusal(error, telemetry);
    }
  };

  async function take(request: WebhookRequest, telemetry: Telemetry): Promise<APIGatewayProxyResult> {
    const deadline = Date.now() + config.responseSeconds * 1000;
    if (request.body.length > config.maxBodyBytes) throw tooLarge(config.maxBodyBytes);
    await before(deadline, async () => verify(request));
    const written = await readBody(request, { maxBytes: config.maxBodyBytes, isEnveloped: ENVELOPED.has(config.format.kind), format });
    const { users, messages } = recordsOf(written, format, keyOf);
    await putAll(users, put, deadline, telemetry);
    telemetry.count(Metric.REQUESTS_ACCEPTED);
    telemetry.count(Metric.MESSAGES_ACCEPTED, messages);
    return answer(200, { success: true, messages });
  }

  /** A sender may know a secret sooner than our copy of it does. */
  async function verify(request: WebhookRequest): Promise<void> {
    const { secret } = config.verification;
    const problem = verification.verify(request, await secrets.get(secret), Date.now());
    if (!problem) return;
    const renewed = await secrets.renew(secret);
    if (!renewed || verification.verify(request, renewed, Date.now())) throw problem;
  }

  function refusal(error: unknown, telemetry: Telemetry): APIGatewayProxyResult {
    if (error instanceof Refusal) {
      telemetry.countReason(Metric.REQUESTS_REFUSED, error.code);
      return refused(error);
    }
    const reason = error instanceof Unavailable ? error.code : (error as Error).name;
    telemetry.countReason(Metric.REQUESTS_FAILED, reason);
    logger.error('the request is not taken', error as Error);
    return unavailable();
  }
}
