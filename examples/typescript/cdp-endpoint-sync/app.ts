import { App } from 'aws-cdk-lib';
import { EndpointSyncStack } from './stack';

const app = new App();
new EndpointSyncStack(app, 'CdpEndpointSyncExample');
app.synth();
