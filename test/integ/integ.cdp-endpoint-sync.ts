/**
 * Puts one identify message on the stream and waits for the endpoint that it becomes.
 *
 * Never run against AWS by its authors: Amazon Pinpoint's endpoints reached their end of support on October 30, 2026.
 * Its snapshot is verified offline by `npm run integ`. With an account that still has access:
 * `npx integ-runner --directory test/integ --language typescript --app "tsx {filePath}" --parallel-regions eu-west-1 --force`
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { CdpEndpointSync, CdpFormat, EndpointTarget, TraitMapping } from '../../src';

// Stack traces would put the paths of the machine into the snapshot.
const app = new App({ context: { [cxapi.DISABLE_CREATION_STACK_TRACES]: true, [cxapi.DISABLE_METADATA_STACK_TRACE]: true } });
const stack = new Stack(app, 'CdpEndpointSyncInteg');
const application = new pinpoint.CfnApp(stack, 'App', { name: 'cdk-cdp-engagement-integ' });
const sync = new CdpEndpointSync(stack, 'Sync', {
  target: EndpointTarget.pinpoint({ applicationId: application.ref }),
  format: CdpFormat.segment(),
  mapping: [TraitMapping.endpointAttribute('newsletter', { name: 'EmailPreference_Newsletter', values: { true: 'Subscribed' } })],
  removalPolicy: RemovalPolicy.DESTROY,
});

const MESSAGE = {
  type: 'identify',
  messageId: 'integ-1',
  userId: 'integ-user',
  timestamp: '2026-11-23T10:00:00.000Z',
  traits: { email: 'success@simulator.amazonses.com', newsletter: true },
};

const integ = new IntegTest(app, 'Integ', { testCases: [stack], diffAssets: false });
const put = integ.assertions.awsApiCall('Kinesis', 'putRecord', {
  StreamName: sync.stream.streamName, PartitionKey: MESSAGE.userId, Data: JSON.stringify(MESSAGE),
});

const endpoints = integ.assertions.awsApiCall('Pinpoint', 'getUserEndpoints', { ApplicationId: application.ref, UserId: MESSAGE.userId });
put.next(endpoints.expect(ExpectedResult.objectLike({
  EndpointsResponse: {
    Item: [{
      Address: MESSAGE.traits.email,
      ChannelType: 'EMAIL',
      Attributes: { EmailPreference_Newsletter: ['Subscribed'] },
      User: { UserId: MESSAGE.userId },
    }],
  },
})).waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(15) }));

app.synth();
