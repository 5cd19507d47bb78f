import * as fs from 'node:fs';
import * as path from 'node:path';
import * as library from '../src';

/** jsii drops exported functions and type aliases without a word: what TypeScript exports, the other languages must have too. */
const ASSEMBLY = path.resolve(__dirname, '../.jsii');

/** Classes and enums. */
const EXPORTS = [
  'CdpDestination', 'CdpEndpointSync', 'CdpFormat', 'CdpFunctionStatus', 'CdpSegmentImporter', 'CdpWebhook', 'ChannelType', 'DemographicField',
  'EndpointTarget', 'EngagementEventType', 'EngagementSource', 'EngagementStreamToCdp', 'IngestRole', 'LocationField', 'MParticleEnvironment', 'MParticlePod',
  'OfferCaller', 'OfferCustomChannel', 'OfferWithoutUserId', 'OptOut', 'PinpointCallers', 'PinpointEndpointWrites', 'SegmentRegion',
  'SegmentSignedContent', 'SegmentTarget', 'TraitMapping', 'UnmappedTraits', 'WebhookVerification',
];

/** They exist at compile time only. */
const STRUCTS = [
  'CdpEndpointSyncProps', 'CdpFunctionRequest', 'CdpFunctionResponse', 'CdpFunctionResult', 'CdpSegmentImporterProps', 'CdpTransformMessage',
  'CdpTransformRequest', 'CdpTransformResponse', 'CdpTransformResult', 'CdpWebhookProps', 'CloudEventsFormatOptions', 'CloudEventsWebhookProps',
  'ConnectJourneyOfferCallerProps', 'CustomerProfilesBulkOptions', 'CustomerProfilesEndpointTargetProps', 'CustomerProfilesEngagementSourceProps',
  'CustomerProfilesSegmentTargetProps', 'DeadLetterOptions',
  'EndpointAttributeOptions', 'EngagementArchive', 'EngagementBounce', 'EngagementCampaign', 'EngagementComplaint', 'EngagementEvent',
  'EngagementJourney', 'EngagementStreamToCdpProps', 'FunctionDestinationOptions', 'FunctionFormatOptions', 'HandlerOptions',
  'HmacSha256Props', 'HttpDestinationProps', 'IngestRoleProps', 'MParticleDestinationProps', 'Offer', 'OfferCustomChannelProps', 'OptOutOptions',
  'PinpointEndpointTargetProps', 'PinpointEngagementSourceProps', 'PinpointOfferCallerProps', 'PinpointSegmentTargetProps',
  'RudderStackDestinationProps', 'SecretHeader', 'SegmentDestinationProps', 'SegmentSignatureProps',
  'SesEngagementSourceProps', 'SmsEngagementSourceProps', 'StreamIngestRoleProps', 'StreamOptions', 'TealiumDestinationProps', 'TraitMetricOptions',
  'UserAttributeOptions', 'WebhookHeaderProps', 'WebhookSecretProps',
];

test('the library exports these and nothing else', () => {
  expect(Object.keys(library).sort()).toEqual(EXPORTS);
});

/** The assembly of an earlier compilation says nothing about the sources of today. */
function isCurrent(): boolean {
  if (!fs.existsSync(ASSEMBLY)) return false;
  const sources = fs.readdirSync(path.resolve(__dirname, '../src'), { recursive: true, encoding: 'utf8' });
  const newest = Math.max(...sources.map((file) => fs.statSync(path.resolve(__dirname, '../src', file)).mtimeMs));
  return fs.statSync(ASSEMBLY).mtimeMs >= newest;
}

(isCurrent() ? test : test.skip)('every export reaches the other languages', () => {
  const { types } = JSON.parse(fs.readFileSync(ASSEMBLY, 'utf8')) as { types: Record<string, { name: string; kind: string }> };
  const names = (...kinds: string[]) => Object.values(types).filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name).sort();
  expect(names('class', 'enum')).toEqual(EXPORTS);
  expect(names('interface')).toEqual(STRUCTS);
});
