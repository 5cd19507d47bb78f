import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/**
 * What EngagementStreamToCdp consists of, with a handler of a few lines that has no SDK: it signs nothing, since the gateways
 * read the access key only.
 */
const CODE = `
const call = async (service, target, input) => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/x/aws4_request, Signature=x';
  const response = await fetch(process.env['AWS_ENDPOINT_URL_' + service], {
    method: 'POST', headers: { authorization, 'x-amz-target': target }, body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(target + ' ' + response.status + ' ' + await response.text());
  return response.json();
};
exports.handler = async (event) => {
  const { destination: { url, writeKey } } = JSON.parse(process.env.CDP_CONFIG);
  const { SecretString } = await call('SECRETS_MANAGER', 'secretsmanager.GetSecretValue', { SecretId: writeKey.secretArn });
  const records = event.Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64')));
  const batch = records.map(({ event_type: event, client }) => ({ type: 'track', event, userId: client.client_id, messageId: event + client.client_id }));
  const authorization = 'Basic ' + Buffer.from(SecretString + ':').toString('base64');
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(url + '/v1/batch', { method: 'POST', headers, body: JSON.stringify({ batch }) });
  if (!response.ok) throw new Error('CDP ' + response.status);
  const Entries = batch.map((one) => ({ EventBusName: process.env.BUS, Source: 'test', DetailType: 'x', Detail: JSON.stringify({ ...one, messageId: 'bus ' + one.messageId }) }));
  if (process.env.BUS) await call('EVENTBRIDGE', 'AWSEvents.PutEvents', { Entries });
};`;

/** `flaw` breaks one thing. */
export function feedbackStack(app: App, flaw?: 'permission'): Stack {
  const stack = new Stack(app, 'Feedback');
  const applicationId = new pinpoint.CfnApp(stack, 'App', { name: 'app' }).ref;
  const stream = new kinesis.Stream(stack, 'Stream', { streamMode: kinesis.StreamMode.PROVISIONED });
  const bus = new events.EventBus(stack, 'Bus', { eventBusName: 'bus' });

  const secret = new secretsmanager.Secret(stack, 'WriteKey');
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(CODE),
    environment: {
      BUS: bus.eventBusName,
      CDP_CONFIG: stack.toJsonString({
        source: { kind: 'pinpoint', applicationId, lookUpEndpoints: false, getEndpointPerSecond: 1 },
        destination: { kind: 'segment', url: 'https://api.segment.io', writeKey: { secretArn: secret.secretArn } },
      }),
    },
  });
  secret.grantRead(handler);
  bus.grantPutEventsTo(handler);
  handler.addEventSource(new KinesisEventSource(stream, { startingPosition: lambda.StartingPosition.TRIM_HORIZON, batchSize: 10, retryAttempts: 1 }));

  const streamRole = new iam.Role(stack, 'EventStreamRole', {
    assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'mobiletargeting', resource: 'apps', resourceName: applicationId }) },
      },
    }),
  });
  stream.grant(streamRole, ...flaw === 'permission' ? ['kinesis:DescribeStream'] : ['kinesis:DescribeStream', 'kinesis:PutRecords']);
  new pinpoint.CfnEventStream(stack, 'EventStream', { applicationId, destinationStreamArn: stream.streamArn, roleArn: streamRole.roleArn })
    .node.addDependency(streamRole);

  const archive = new s3.Bucket(stack, 'Archive', { removalPolicy: RemovalPolicy.RETAIN });
  const role = new iam.Role(stack, 'ArchiveRole', { assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com') });
  stream.grantRead(role);
  archive.grantReadWrite(role);
  new firehose.CfnDeliveryStream(stack, 'Delivery', {
    deliveryStreamType: 'KinesisStreamAsSource',
    kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
    extendedS3DestinationConfiguration: {
      bucketArn: archive.bucketArn,
      roleArn: role.roleArn,
      prefix: 'raw/!{timestamp:yyyy/MM/dd}/',
      compressionFormat: 'GZIP',
      processingConfiguration: { enabled: true, processors: [{ type: 'AppendDelimiterToRecord' }] },
    },
  }).node.addDependency(role);
  return stack;
}
