import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createWebhook } from './core';
import { loadConfig } from '../../src/contract/env';
import { parseWebhook } from '../../src/contract/webhook';
import { createFormat } from '../formats';
import { createLogger } from '../runtime/log';
import { observed } from '../runtime/observed';
import { acceptedSecrets } from '../runtime/secrets';
import { streamTransport } from '../transports/stream';
import { createVerification } from '../webhook-verifications';

const config = loadConfig(parseWebhook, process.env);
const take = createWebhook({
  config, format: createFormat(config.format), verification: createVerification(config.verification), secrets: acceptedSecrets(),
  put: streamTransport(config.streamArn), logger: createLogger(config.instance),
});

export const handler = observed<APIGatewayProxyEvent, APIGatewayProxyResult>(
  config.instance, 'request', async (event, { telemetry }) => take(event, telemetry), (_, answer) => ({ status: answer?.statusCode ?? 0 }),
);
