import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CdpFormat } from '../../src';

/** What the function below translates, `{ "customer": "42", "mail": "ann@example.com", "news": true }`, is the vocabulary of an invented shop. */
const TRANSFORM = `exports.handler = async ({ messages }) => ({
  results: messages.map(({ id, body: { customer, mail, news } }) => customer === undefined
    ? { id, status: 'rejected', reason: 'MissingCustomer' }
    : { id, status: 'done', messages: [{ type: 'identify', userId: customer, traits: { email: mail, newsletter: news } }] }),
});`;

type Make = (scope: Construct) => CdpFormat;

/** The CDPs' vocabularies by the names that `-c format=` takes. */
const FORMATS: Readonly<Record<string, Make>> = {
  segment: () => CdpFormat.segment(),
  rudderstack: () => CdpFormat.rudderStack(),
  mparticle: () => CdpFormat.mParticle(),
  tealium: () => CdpFormat.tealium(),
  cloudevents: () => CdpFormat.cloudEvents(),
  pinpoint: () => CdpFormat.pinpoint(),
  auto: () => CdpFormat.auto(),
  function: (scope) => CdpFormat.function(new lambda.Function(scope, 'Transform', {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline(TRANSFORM),
  })),
};

export function formatOf(scope: Construct): CdpFormat {
  const name = String(scope.node.tryGetContext('format') ?? 'segment');
  if (!Object.hasOwn(FORMATS, name)) throw new Error(`the context key format must be one of ${Object.keys(FORMATS).join(', ')}, got: ${name}`);
  return FORMATS[name](scope);
}
