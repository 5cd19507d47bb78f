import { App } from 'aws-cdk-lib';
import { CdpEngagementStack } from './stack';

const app = new App();
new CdpEngagementStack(app, 'CdpEngagementExample', { cdpUrl: app.node.tryGetContext('cdpUrl') });
app.synth();
