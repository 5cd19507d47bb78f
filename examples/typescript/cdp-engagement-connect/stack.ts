import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import {
  CdpDestination, CdpEndpointSync, CdpSegmentImporter, ChannelType, EndpointTarget, EngagementEventType, EngagementSource,
  EngagementStreamToCdp, OfferCaller, OfferCustomChannel, SegmentTarget, TraitMapping, WebhookVerification,
} from '../../../src';
import { formatOf } from '../formats';

export interface CdpEngagementConnectStackProps extends StackProps {
  /** Address of a proxy in front of Segment, if there is one. */
  readonly cdpUrl?: string;
  /** The Amazon Connect instance whose journeys give offers. */
  readonly instanceArn?: string;
  /** The domain of Customer Profiles that belongs to the instance. */
  readonly domainName?: string;
}

/** What marketers read in a preference, by what the CDP says. */
const SUBSCRIBED = { true: 'Subscribed', false: 'Unsubscribed' };

/** Traits without a rule that become attributes of a profile: it takes no others. */
const ATTRIBUTES = ['plan', 'GroupId', 'Group_name', 'Group_industry'];

/** What becomes of messages. */
const FEEDBACK = [
  EngagementEventType.EMAIL_SEND,
  EngagementEventType.EMAIL_DELIVERED,
  EngagementEventType.EMAIL_HARD_BOUNCE,
  EngagementEventType.EMAIL_SOFT_BOUNCE,
  EngagementEventType.EMAIL_COMPLAINT,
  EngagementEventType.EMAIL_OPEN,
  EngagementEventType.EMAIL_CLICK,
  EngagementEventType.EMAIL_REJECTED,
  EngagementEventType.EMAIL_UNSUBSCRIBE,
  EngagementEventType.EMAIL_RENDERING_FAILURE,
  EngagementEventType.SMS_SUCCESS,
  EngagementEventType.SMS_FAILURE,
  EngagementEventType.SMS_OPT_OUT,
  EngagementEventType.CAMPAIGN_SEND,
  EngagementEventType.JOURNEY_SEND,
];

export class CdpEngagementConnectStack extends Stack {
  public constructor(scope: Construct, id: string, props: CdpEngagementConnectStackProps) {
    super(scope, id, props);

    const domainName = props.domainName ?? 'amazon-connect-cdp-engagement';
    const profiles = new CdpEndpointSync(this, 'Profiles', {
      target: EndpointTarget.customerProfiles({ domainName, attributes: ATTRIBUTES }),
      format: formatOf(this),
      mapping: [
        TraitMapping.endpointAttribute('newsletter', { name: 'EmailPreference_Newsletter', channels: [ChannelType.EMAIL], values: SUBSCRIBED }),
        TraitMapping.endpointAttribute('dailyDeals', { name: 'EmailPreference_DailyDeals', channels: [ChannelType.EMAIL], values: SUBSCRIBED }),
        TraitMapping.optOut('unsubscribed'),
        TraitMapping.metric('lifetimeValue', { name: 'LifetimeValue' }),
      ],
    });

    // A CDP's own SDK can point at `trackingApi.url`. Put the write key that it is to use into the secret.
    const sdkWriteKey = new secretsmanager.Secret(this, 'SdkWriteKey', { generateSecretString: { excludePunctuation: true } });
    const trackingApi = profiles.addWebhook('TrackingApi', {
      verification: WebhookVerification.writeKey({ secret: sdkWriteKey }),
      responseTimeout: Duration.seconds(8), // SDKs wait for 10 seconds and more
    });
    new CfnOutput(this, 'TrackingApiUrl', { value: trackingApi.url });

    new CdpSegmentImporter(this, 'Lists', {
      target: SegmentTarget.customerProfiles({ domainName, segments: ['spring-sale'] }),
      columns: { email: 'Address', user_id: 'User.UserId', plan: 'User.UserAttributes.plan' },
      defaultChannel: ChannelType.EMAIL,
      defaultCountry: 'US',
    });

    // The value is made up: after the deployment, put the write key of your source there.
    const writeKey = new secretsmanager.Secret(this, 'WriteKey', { description: 'Write key of the Segment source that gets the feedback' });
    const destination = CdpDestination.segment({ writeKey, url: props.cdpUrl });

    const configurationSet = new ses.ConfigurationSet(this, 'Mail');
    new EngagementStreamToCdp(this, 'Feedback', { source: EngagementSource.ses({ configurationSet }), destination, events: FEEDBACK });
    new EngagementStreamToCdp(this, 'TextFeedback', { source: EngagementSource.sms(), destination, events: FEEDBACK });

    const instanceArn = props.instanceArn
      ?? this.formatArn({ service: 'connect', resource: 'instance', resourceName: '5f0c2a4e-8b1d-4e7a-9c3f-2d6b8a0e1f47' });
    new OfferCustomChannel(this, 'TwentyOff', {
      caller: OfferCaller.connectJourney({ instanceArn }),
      destination,
      offer: { offerId: '20_OFF', name: '20 % off your next order', discount: '20 %', validFor: Duration.days(14) },
    });
  }
}
