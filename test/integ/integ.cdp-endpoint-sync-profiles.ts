/**
 * Puts one identify message on the stream and waits for the profile that it becomes.
 *
 * Never run against AWS by its authors. Its snapshot is verified offline by `npm run integ`. In an account of your own:
 * `npx integ-runner --directory test/integ --language typescript --app "tsx {filePath}" --parallel-regions eu-west-1 --force`
 */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { CdpEndpointSync, CdpFormat, EndpointTarget, TraitMapping } from '../../src';

// Stack traces would put the paths of the machine into the snapshot.
const app = new App({ context: { [cxapi.DISABLE_CREATION_STACK_TRACES]: true, [cxapi.DISABLE_METADATA_STACK_TRACE]: true } });
const stack = new Stack(app, 'CdpEndpointSyncProfilesInteg');
const domain = new CfnDomain(stack, 'Domain', { domainName: 'amazon-connect-cdk-cdp-engagement-integ', defaultExpirationDays: 1 });
const sync = new CdpEndpointSync(stack, 'Sync', {
  target: EndpointTarget.customerProfiles({ domainName: domain.ref, userExpiration: Duration.days(1), eventExpiration: Duration.days(1) }),
  format: CdpFormat.segment(),
  mapping: [TraitMapping.userAttribute('plan')],
  removalPolicy: RemovalPolicy.DESTROY,
});

const MESSAGE = {
  type: 'identify',
  messageId: 'integ-1',
  userId: 'integ-user',
  timestamp: '2026-11-23T10:00:00.000Z',
  traits: { email: 'success@simulator.amazonses.com', plan: 'gold' },
};

const integ = new IntegTest(app, 'Integ', { testCases: [stack], diffAssets: false });
const put = integ.assertions.awsApiCall('Kinesis', 'putRecord', {
  StreamName: sync.stream.streamName, PartitionKey: MESSAGE.userId, Data: JSON.stringify(MESSAGE),
});

const profiles = integ.assertions.awsApiCall('CustomerProfiles', 'searchProfiles', { DomainName: domain.ref, KeyName: 'cdpUserId', Values: [MESSAGE.userId] });
put.next(profiles.expect(ExpectedResult.objectLike({
  Items: [{ AccountNumber: MESSAGE.userId, EmailAddress: MESSAGE.traits.email, Attributes: { cdpUserId: MESSAGE.userId, plan: 'gold' } }],
})).waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(15) }));

app.synth();
