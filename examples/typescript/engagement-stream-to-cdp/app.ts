import { App } from 'aws-cdk-lib';
import { EngagementStreamStack } from './stack';

const app = new App();
new EngagementStreamStack(app, 'EngagementStreamToCdpExample');
app.synth();
