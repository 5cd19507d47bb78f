import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  CdpDestination, CdpEndpointSync, ChannelType, EndpointTarget, EngagementEventType, EngagementSource, EngagementStreamToCdp, OfferCaller,
  CdpSegmentImporter, OfferCustomChannel, SegmentTarget, TraitMapping, WebhookVerification,
} from '../../../src';
import { formatOf } from '../formats';

export interface CdpEngagementStackProps extends StackProps {
  /** Address of a proxy in front of Segment, if there is one. */
  readonly cdpUrl?: string;
}

/** What marketers read in a preference, by what the CDP says. */
const SUBSCRIBED = { true: 'Subscribed', false: 'Unsubscribed' };

/** What becomes of messages. `CUSTOM` is left out: the first construct writes such events, and the CDP that sent them knows them. */
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

/** One template for both ways: the endpoints that the first construct writes tell the second whose they are. */
const ENDPOINT_ID = '{userId}:{channel}';

export class CdpEngagementStack extends Stack {
  public constructor(scope: Construct, id: string, props: CdpEngagementStackProps) {
    super(scope, id, props);
    const { ref: applicationId } = new pinpoint.CfnApp(this, 'App', { name: 'cdp-engagement' });

    const profiles = new CdpEndpointSync(this, 'Profiles', {
      target: EndpointTarget.pinpoint({ applicationId }),
      format: formatOf(this),
      endpointId: ENDPOINT_ID,
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
      target: SegmentTarget.pinpoint({ applicationId }),
      endpointId: ENDPOINT_ID,
      defaultCountry: 'US',
      columns: { email: 'Address', user_id: 'User.UserId', plan: 'User.UserAttributes.plan' },
      defaultChannel: ChannelType.EMAIL,
    });

    // The value is made up: after the deployment, put the write key of your source there.
    const writeKey = new secretsmanager.Secret(this, 'WriteKey', { description: 'Write key of the Segment source that gets the feedback' });
    const destination = CdpDestination.segment({ writeKey, url: props.cdpUrl });
    new EngagementStreamToCdp(this, 'Feedback', {
      source: EngagementSource.pinpoint({ applicationId, endpointId: ENDPOINT_ID }),
      destination,
      events: FEEDBACK,
    });

    new OfferCustomChannel(this, 'TwentyOff', {
      caller: OfferCaller.pinpoint({ applicationId }),
      destination,
      offer: { offerId: '20_OFF', name: '20 % off your next order', discount: '20 %', validFor: Duration.days(14) },
      dataFields: ['validUntil', 'store'],
    });
  }
}
