import { App } from 'aws-cdk-lib';
import { CdpEngagementConnectStack } from './stack';

const app = new App();
new CdpEngagementConnectStack(app, 'CdpEngagementConnectExample', { cdpUrl: app.node.tryGetContext('cdpUrl') });
app.synth();
