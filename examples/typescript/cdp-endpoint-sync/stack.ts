import { Stack, StackProps } from 'aws-cdk-lib';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import { Construct } from 'constructs';
import { CdpEndpointSync, ChannelType, EndpointTarget, TraitMapping } from '../../../src';
import { formatOf } from '../formats';

/** What marketers read in a preference, by what the CDP says. */
const SUBSCRIBED = { true: 'Subscribed', false: 'Unsubscribed' };

export class EndpointSyncStack extends Stack {
  public constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const app = new pinpoint.CfnApp(this, 'App', { name: 'cdp-endpoint-sync' });
    new CdpEndpointSync(this, 'Sync', {
      target: EndpointTarget.pinpoint({ applicationId: app.ref }),
      format: formatOf(this),
      mapping: [
        TraitMapping.endpointAttribute('newsletter', { name: 'EmailPreference_Newsletter', channels: [ChannelType.EMAIL], values: SUBSCRIBED }),
        TraitMapping.endpointAttribute('dailyDeals', { name: 'EmailPreference_DailyDeals', channels: [ChannelType.EMAIL], values: SUBSCRIBED }),
        TraitMapping.optOut('unsubscribed'),
        TraitMapping.metric('lifetimeValue', { name: 'LifetimeValue' }),
      ],
    });
  }
}
