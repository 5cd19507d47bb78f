import { App } from 'aws-cdk-lib';
import { feedbackStack } from './stack';

const app = new App();
feedbackStack(app);
app.synth();
