import { App, Stack } from 'aws-cdk-lib';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CdpDestination, CdpEndpointSync, CdpFormat, EndpointTarget, EngagementSource, EngagementStreamToCdp } from '../../../../src';

/** A domain that the CDP writes to, and whose campaigns tell the CDP: what the one writes must not come back to it by the other. */
const app = new App();
const stack = new Stack(app, 'Campaigns');
const domain = new CfnDomain(stack, 'Domain', { domainName: 'amazon-connect-shop', defaultExpirationDays: 366 });
new CdpEndpointSync(stack, 'Sync', { target: EndpointTarget.customerProfiles({ domainName: domain.ref }), format: CdpFormat.segment() });
new EngagementStreamToCdp(stack, 'Feedback', {
  source: EngagementSource.customerProfiles({ domainName: domain.ref }),
  destination: CdpDestination.segment({ writeKey: new secretsmanager.Secret(stack, 'WriteKey') }),
});
app.synth();
