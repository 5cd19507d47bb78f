import { Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CdpDestination, EngagementEventType, EngagementSource, EngagementStreamToCdp } from '../../../src';

export class EngagementStreamStack extends Stack {
  public constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const app = new pinpoint.CfnApp(this, 'App', { name: 'engagement-stream-to-cdp' });
    new EngagementStreamToCdp(this, 'Feedback', {
      source: EngagementSource.pinpoint({ applicationId: app.ref, endpointId: '{userId}:{channel}' }),
      destination: CdpDestination.http({
        url: 'https://cdp.example.com/engagement',
        headers: { 'x-source': 'pinpoint' },
        secretHeader: { secret: new secretsmanager.Secret(this, 'Token') },
        signingSecret: new secretsmanager.Secret(this, 'SigningKey'),
      }),
      events: [
        EngagementEventType.EMAIL_HARD_BOUNCE,
        EngagementEventType.EMAIL_COMPLAINT,
        EngagementEventType.EMAIL_UNSUBSCRIBE,
        EngagementEventType.SMS_OPT_OUT,
        EngagementEventType.CUSTOM,
      ],
      archive: { expiration: Duration.days(365) },
    });
  }
}
