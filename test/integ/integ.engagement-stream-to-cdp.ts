/**
 * Puts one event of Amazon Pinpoint on the stream and waits until the function that stands for the CDP has got it.
 *
 * Never run against AWS by its authors: Amazon Pinpoint's event streams reached their end of support on October 30, 2026.
 * Its snapshot is verified offline by `npm run integ`. With an account that still has access:
 * `npx integ-runner --directory test/integ --language typescript --app "tsx {filePath}" --parallel-regions eu-west-1 --force`
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { CdpDestination, EngagementEventType, EngagementSource, EngagementStreamToCdp } from '../../src';

// Stack traces would put the paths of the machine into the snapshot.
const app = new App({ context: { [cxapi.DISABLE_CREATION_STACK_TRACES]: true, [cxapi.DISABLE_METADATA_STACK_TRACE]: true } });
const stack = new Stack(app, 'EngagementStreamToCdpInteg');
const application = new pinpoint.CfnApp(stack, 'App', { name: 'cdk-cdp-engagement-integ' });

/** Keeps each event as an object that is named by its user and type, and the archive. */
const received = new s3.Bucket(stack, 'Received', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true, enforceSSL: true });
const cdp = new lambda.Function(stack, 'Cdp', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline(`
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const s3 = new S3Client();
exports.handler = async ({ events }) => {
  for (const event of events) {
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: event.userId + '/' + event.type, Body: JSON.stringify(event) }));
  }
  return { results: events.map(({ id }) => ({ id, status: 'done' })) };
};`),
  environment: { BUCKET: received.bucketName },
});
received.grantPut(cdp);

const feedback = new EngagementStreamToCdp(stack, 'Feedback', {
  source: EngagementSource.pinpoint({ applicationId: application.ref, endpointId: '{userId}:{channel}' }),
  destination: CdpDestination.function(cdp),
  events: [EngagementEventType.EMAIL_HARD_BOUNCE, EngagementEventType.CUSTOM],
  archive: { bucket: received, bufferInterval: Duration.minutes(1) },
  removalPolicy: RemovalPolicy.DESTROY,
});

const EVENT = {
  event_type: '_email.hardbounce',
  event_timestamp: 1795428000000,
  arrival_timestamp: 1795428004000,
  event_version: '3.1',
  application: { app_id: application.ref, sdk: {} },
  client: { client_id: 'integ-user:EMAIL' },
  device: { platform: {} },
  session: {},
  attributes: { feedback: 'hardbounce' },
  awsAccountId: stack.account,
};

const integ = new IntegTest(app, 'Integ', { testCases: [stack], diffAssets: false });
const put = integ.assertions.awsApiCall('Kinesis', 'putRecord', {
  StreamName: feedback.stream.streamName, PartitionKey: EVENT.client.client_id, Data: stack.toJsonString(EVENT),
});
const list = integ.assertions.awsApiCall('S3', 'listObjectsV2', { Bucket: received.bucketName, Prefix: 'integ-user/' });
put.next(list.expect(ExpectedResult.objectLike({ KeyCount: 1, Contents: [{ Key: 'integ-user/EMAIL_HARD_BOUNCE' }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(15) }));

app.synth();
