import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import { CdpEndpointSync, CdpFormat, CdpSegmentImporter, EndpointTarget, SegmentTarget } from '../../../../src';

/** Users by CdpEndpointSync, lists by CdpSegmentImporter, both on one domain of Customer Profiles. */
const app = new App();
const stack = new Stack(app, 'Shop');
const domain = new CfnDomain(stack, 'Domain', { domainName: 'amazon-connect-shop', defaultExpirationDays: 366 });
new CdpEndpointSync(stack, 'Sync', { target: EndpointTarget.customerProfiles({ domainName: domain.ref, attributes: ['plan'] }), format: CdpFormat.segment() });
const lists = new CdpSegmentImporter(stack, 'Lists', {
  target: SegmentTarget.customerProfiles({ domainName: domain.ref, segments: ['VIP list (März)', 'lapsed'], requestsPerSecond: 100, bulk: { from: 4 } }),
  columns: { customer_id: 'User.UserId' },
  jobTimeout: Duration.hours(1),
});
new CfnOutput(stack, 'Vip', { value: lists.segmentArn('VIP list (März)') });
app.synth();
