import { App } from 'aws-cdk-lib';
import { feedbackStack } from '../feedback/stack';

const app = new App();
feedbackStack(app, 'permission');
app.synth();
