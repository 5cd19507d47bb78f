import { App } from 'aws-cdk-lib';
import { CdpEngagementStack } from './stack';
import { CdpFormat } from '../../../src';

const FORMATS: Readonly<Record<string, () => CdpFormat>> = { segment: CdpFormat.segment, pinpoint: CdpFormat.pinpoint };

const app = new App();
const name = String(app.node.tryGetContext('format') ?? 'segment');
const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
if (!format) throw new Error(`the context key format must be one of ${Object.keys(FORMATS).join(', ')}, got: ${name}`);

new CdpEngagementStack(app, 'CdpEngagementExample', { format: format(), cdpUrl: app.node.tryGetContext('cdpUrl') });
app.synth();
