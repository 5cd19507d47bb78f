/**
 * Invokes the channel as a campaign would, and waits until the function that stands for the CDP has heard of the offer.
 *
 * Never run against AWS by its authors: Amazon Pinpoint's custom channels reached their end of support on October 30, 2026.
 * Its snapshot is verified offline by `npm run integ`. With an account that still has access:
 * `npx integ-runner --directory test/integ --language typescript --app "tsx {filePath}" --parallel-regions eu-west-1 --force`
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { CdpDestination, OfferCaller, OfferCustomChannel } from '../../src';

// Stack traces would put the paths of the machine into the snapshot.
const app = new App({ context: { [cxapi.DISABLE_CREATION_STACK_TRACES]: true, [cxapi.DISABLE_METADATA_STACK_TRACE]: true } });
const stack = new Stack(app, 'OfferCustomChannelInteg');
const application = new pinpoint.CfnApp(stack, 'App', { name: 'cdk-cdp-engagement-integ' });

/** Keeps each event as an object that is named by its user and offer. */
const received = new s3.Bucket(stack, 'Received', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true, enforceSSL: true });
const cdp = new lambda.Function(stack, 'Cdp', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline(`
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const s3 = new S3Client();
exports.handler = async ({ events }) => {
  for (const event of events) {
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: event.userId + '/' + event.attributes.offer_id, Body: JSON.stringify(event) }));
  }
  return { results: events.map(({ id }) => ({ id, status: 'done' })) };
};`),
  environment: { BUCKET: received.bucketName },
});
received.grantPut(cdp);

const channel = new OfferCustomChannel(stack, 'TwentyOff', {
  caller: OfferCaller.pinpoint({ applicationId: application.ref }),
  offer: { offerId: '20_OFF', validFor: Duration.days(14) },
  destination: CdpDestination.function(cdp),
  removalPolicy: RemovalPolicy.DESTROY,
});

const INVOCATION = {
  Message: {},
  ApplicationId: application.ref,
  CampaignId: 'integ-campaign',
  TreatmentId: '0',
  ActivityId: 'integ-activity',
  Endpoints: { 'integ-user:CUSTOM': { ChannelType: 'CUSTOM', Address: 'integ-user', User: { UserId: 'integ-user' } } },
};

const integ = new IntegTest(app, 'Integ', { testCases: [stack], diffAssets: false });
const invoke = integ.assertions.invokeFunction({
  functionName: channel.channelFunction.functionName, payload: stack.toJsonString(INVOCATION),
});
const list = integ.assertions.awsApiCall('S3', 'listObjectsV2', { Bucket: received.bucketName, Prefix: 'integ-user/' });
invoke.next(list.expect(ExpectedResult.objectLike({ KeyCount: 1, Contents: [{ Key: 'integ-user/20_OFF' }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(15) }));

app.synth();
