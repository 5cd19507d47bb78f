import { App, SecretValue, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CdpEndpointSync, CdpFormat, EndpointTarget, WebhookVerification } from '../../../../src';

/** A CDP with a vocabulary of its own: `{ who, mail }`. What has a type is left as it is. */
const TRANSLATE = `exports.handler = async ({ messages }) => ({ results: messages.map(({ id, body }) => ({
  id, status: 'done', messages: [body.type ? body : { type: 'identify', userId: body.who, traits: { email: body.mail } }] })) });`;

const app = new App();
const stack = new Stack(app, 'Hooks');
const application = new pinpoint.CfnApp(stack, 'App', { name: 'hooks' });
const translate = new lambda.Function(stack, 'Translate', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline(TRANSLATE),
});
const sync = new CdpEndpointSync(stack, 'Sync', {
  target: EndpointTarget.pinpoint({ applicationId: application.ref }), format: CdpFormat.function(translate),
});
const secretOf = (id: string) => new secretsmanager.Secret(stack, id, { secretName: id, secretStringValue: SecretValue.unsafePlainText(`secret of ${id}`) });
sync.addWebhook('Signed', { verification: WebhookVerification.hmacSha256({ secret: secretOf('A') }), userIdField: 'who' });
sync.addWebhook('Sdk', { verification: WebhookVerification.writeKey({ secret: secretOf('B') }), throttlingRateLimit: 1, throttlingBurstLimit: 6 });
sync.addWebhook('Rotated', { verification: WebhookVerification.bearerToken({ secret: secretOf('Shared') }) });
app.synth();
