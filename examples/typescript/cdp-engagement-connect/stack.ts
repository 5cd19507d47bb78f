import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { CdpDestination, EngagementEventType, EngagementSource, EngagementStreamToCdp, OfferCaller, OfferCustomChannel } from '../../../src';

export interface CdpEngagementConnectStackProps extends StackProps {
  /** Address of a proxy in front of Segment, if there is one. */
  readonly cdpUrl?: string;
  /** The Amazon Connect instance whose journeys give offers. */
  readonly instanceArn?: string;
}

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
];

export class CdpEngagementConnectStack extends Stack {
  public constructor(scope: Construct, id: string, props: CdpEngagementConnectStackProps) {
    super(scope, id, props);

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
