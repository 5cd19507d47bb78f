/**
 * Drops one list and waits for the event that tells how its import ended.
 *
 * Never run against AWS by its authors: Amazon Pinpoint's segments reached their end of support on October 30, 2026.
 * Its snapshot is verified offline by `npm run integ`. With an account that still has access:
 * `npx integ-runner --directory test/integ --language typescript --app "tsx {filePath}" --parallel-regions eu-west-1 --force`
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { CdpSegmentImporter, ChannelType, SegmentTarget } from '../../src';

// Stack traces would put the paths of the machine into the snapshot.
const app = new App({ context: { [cxapi.DISABLE_CREATION_STACK_TRACES]: true, [cxapi.DISABLE_METADATA_STACK_TRACE]: true } });
const stack = new Stack(app, 'CdpSegmentImporterInteg');
const application = new pinpoint.CfnApp(stack, 'App', { name: 'cdk-cdp-engagement-integ' });
const importer = new CdpSegmentImporter(stack, 'Lists', {
  target: SegmentTarget.pinpoint({ applicationId: application.ref }),
  columns: { email: 'Address', customer: 'User.UserId' },
  defaultChannel: ChannelType.EMAIL,
  exportMarker: '_SUCCESS',
  removalPolicy: RemovalPolicy.DESTROY,
});

const told = new sqs.Queue(stack, 'Told', { enforceSSL: true });
new events.Rule(stack, 'Ended', {
  eventPattern: { source: ['cdk-cdp-engagement'], detailType: ['Segment Import Ended'] },
  targets: [new targets.SqsQueue(told, { message: events.RuleTargetInput.fromEventPath('$.detail.status') })],
});

const integ = new IntegTest(app, 'Integ', { testCases: [stack], diffAssets: false });
const put = integ.assertions.awsApiCall('S3', 'putObject', {
  Bucket: importer.bucket.bucketName, Key: 'segments/VIP.csv', Body: 'email,customer\nsuccess@simulator.amazonses.com,integ-user\n',
});
const receive = integ.assertions.awsApiCall('SQS', 'receiveMessage', { QueueUrl: told.queueUrl, WaitTimeSeconds: 20 });
put.next(receive.expect(ExpectedResult.objectLike({ Messages: [{ Body: '"imported"' }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(15), interval: Duration.seconds(30) }));

app.synth();
