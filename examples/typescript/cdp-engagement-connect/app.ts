import { App } from 'aws-cdk-lib';
import { CdpEngagementConnectStack } from './stack';
import { CdpFormat } from '../../../src';

const FORMATS: Readonly<Record<string, () => CdpFormat>> = {
  segment: CdpFormat.segment, rudderstack: CdpFormat.rudderStack, mparticle: CdpFormat.mParticle, tealium: CdpFormat.tealium,
  cloudevents: CdpFormat.cloudEvents, pinpoint: CdpFormat.pinpoint, auto: CdpFormat.auto,
};

const app = new App();
const name = String(app.node.tryGetContext('format') ?? 'segment');
const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
if (!format) throw new Error(`the context key format must be one of ${Object.keys(FORMATS).join(', ')}, got: ${name}`);

new CdpEngagementConnectStack(app, 'CdpEngagementConnectExample', { format: format(), cdpUrl: app.node.tryGetContext('cdpUrl') });
app.synth();
