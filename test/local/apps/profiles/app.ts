import { App, Stack } from 'aws-cdk-lib';
import { CfnDomain } from 'aws-cdk-lib/aws-customerprofiles';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import { CdpEndpointSync, CdpFormat, EndpointTarget, TraitMapping } from '../../../../src';

/** A move from Amazon Pinpoint to Customer Profiles: the same messages into both. */
const app = new App();
const stack = new Stack(app, 'Moving');
const domain = new CfnDomain(stack, 'Domain', { domainName: 'amazon-connect-shop', defaultExpirationDays: 366 });
const old = new pinpoint.CfnApp(stack, 'App', { name: 'old' });
new CdpEndpointSync(stack, 'Sync', {
  target: EndpointTarget.all([
    EndpointTarget.customerProfiles({ domainName: domain.ref, attributes: ['plan', 'interests'] }),
    EndpointTarget.pinpoint({ applicationId: old.ref }),
  ]),
  format: app.node.tryGetContext('format') === 'auto' ? CdpFormat.auto() : CdpFormat.segment(),
  mapping: [
    TraitMapping.userAttribute('tier'),
    TraitMapping.optOut('unsubscribed'),
    TraitMapping.metric('lifetimeValue', { name: 'LifetimeValue' }),
  ],
});
app.synth();
