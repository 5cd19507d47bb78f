import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ses from 'aws-cdk-lib/aws-ses';
import { CdpDestination, EngagementEventType, EngagementSource, EngagementStreamToCdpProps } from '../src';
import { cases, change, errorOf } from './support/contract';
import { APPLICATION_ID, configOf, givenFeedback, givenStack, givenWriteKey, templateOf } from './support/synth';
import { CdpDestinationKind } from '../src/contract/cdp-destination';
import { EngagementSourceKind } from '../src/contract/engagement-source';
import { EngagementStreamToCdpConfig, parseEngagementStreamToCdp } from '../src/contract/engagement-stream-to-cdp';
import { CONFIG_VARIABLE, loadConfig } from '../src/contract/env';
import { parseRedrive } from '../src/contract/redrive';

/** The seam of EngagementStreamToCdp: what the construct writes into a template, the handler must be able to read. */
type Make = (stack: Stack) => CdpDestination;

/** Each kind of each role; a kind without an example is a compile error. */
const SOURCES: { readonly [K in EngagementSourceKind]: readonly EngagementSource[] } = {
  ses: [EngagementSource.ses({ configurationSet: ses.ConfigurationSet.fromConfigurationSetName(givenStack(), 'Set', 'newsletter') })],
  sms: [EngagementSource.sms(), EngagementSource.sms({ configurationSetName: 'alerts', userIdContextKey: 'customer' })],
  customerProfiles: [
    EngagementSource.customerProfiles({ domainName: 'amazon-connect-shop' }),
    EngagementSource.customerProfiles({ domainName: 'amazon-connect-shop', objectTypeNames: ['ShopMail'] }),
  ],
  pinpoint: [
    EngagementSource.pinpoint({ applicationId: APPLICATION_ID }),
    EngagementSource.pinpoint({ applicationId: APPLICATION_ID, endpointId: '{channel}.{userId}', lookUpEndpoints: true }),
  ],
};
const DESTINATIONS: { readonly [K in CdpDestinationKind]: readonly Make[] } = {
  segment: [(stack) => CdpDestination.segment({ writeKey: givenWriteKey(stack), secretField: 'key' })],
  rudderstack: [(stack) => CdpDestination.rudderStack({ writeKey: givenWriteKey(stack), dataPlaneUrl: 'https://x.example.com' })],
  mparticle: [(stack) => CdpDestination.mParticle({ credentials: givenWriteKey(stack) })],
  tealium: [
    () => CdpDestination.tealium({ account: 'a', profile: 'p' }),
    (stack) => CdpDestination.tealium({ account: 'a', profile: 'p', dataSource: 'd', token: givenWriteKey(stack) }),
  ],
  http: [
    () => CdpDestination.http({ url: 'https://x.example.com' }),
    (stack) => CdpDestination.http({
      url: 'https://x.example.com',
      headers: { 'x-a': 'b' },
      secretHeader: { secret: givenWriteKey(stack), secretField: 'f' },
      signingSecret: givenWriteKey(stack),
    }),
  ],
  eventBus: [(stack) => CdpDestination.eventBus(new events.EventBus(stack, 'Bus'))],
  stream: [(stack) => CdpDestination.stream(new kinesis.Stream(stack, 'Out'))],
  function: [(stack) => CdpDestination.function(lambda.Function.fromFunctionName(stack, 'Fn', 'fn'))],
};
const examples = (kinds: object) => Object.entries(kinds as Record<string, readonly unknown[]>).flatMap(([kind, list]) =>
  list.map((example) => ({ kind, example })));

function documentFor(props: (stack: Stack) => Partial<EngagementStreamToCdpProps>): string {
  const stack = givenStack();
  return configOf(templateOf(givenFeedback(props(stack), stack)), 'FeedbackHandler');
}

function configFor(props: (stack: Stack) => Partial<EngagementStreamToCdpProps>): EngagementStreamToCdpConfig {
  return loadConfig(parseEngagementStreamToCdp, { [CONFIG_VARIABLE]: documentFor(props) });
}

describe('what is synthesized parses', () => {
  test.each(examples(SOURCES))('source $kind (%#)', ({ kind, example }) => {
    expect(configFor(() => ({ source: example as EngagementSource })).source.kind).toBe(kind);
  });

  test.each(examples(DESTINATIONS))('destination $kind (%#)', ({ kind, example }) => {
    expect(configFor((stack) => ({ destination: (example as Make)(stack) })).destination.kind).toBe(kind);
  });

  test.each(Object.values(EngagementEventType))('type %s', (type) => {
    expect(parseEngagementStreamToCdp({ ...JSON.parse(document), events: [type] }, '').events).toEqual([type]);
  });

  test('in whole, with the required props only', () => {
    expect(configFor(() => ({}))).toEqual({
      version: 1,
      instance: 'Stack/Feedback',
      source: { kind: 'pinpoint', applicationId: APPLICATION_ID, lookUpEndpoints: false, getEndpointPerSecond: 10 },
      destination: { kind: 'segment', url: 'https://api.segment.io', writeKey: { secretArn: '<WriteKey>' } },
      deadLetters: { bucketName: '<FeedbackDeadLetters>', prefix: expect.stringMatching(/^dead-letters\/Stack-Feedback-[0-9A-F]{8}$/) },
    });
  });

  test('the redrive function', () => {
    const config = loadConfig(parseRedrive, { [CONFIG_VARIABLE]: configOf(templateOf(givenFeedback()), 'FeedbackRedrive') });
    expect(config).toEqual({
      version: 1,
      instance: 'Stack/Feedback',
      deadLetters: configFor(() => ({})).deadLetters,
      abandonedBatchesPrefix: 'aws/lambda/<FeedbackEventSource>',
      sink: { kind: 'stream', streamArn: '<FeedbackStream.Arn>' },
    });
  });

  const document = documentFor(() => ({}));
});

/** What a key may not be; `undefined` leaves it out. */
const BAD: Record<string, readonly unknown[]> = {
  'version': [undefined, 0, '1'],
  'instance': [undefined, ''],
  'source': [undefined, null, 'pinpoint'],
  'source.kind': [undefined, 'connect', '__proto__'],
  'source.applicationId': [undefined, ''],
  'source.endpointId': ['', 1],
  'source.lookUpEndpoints': [undefined, 'true'],
  'source.getEndpointPerSecond': [undefined, 0, -1, '10', null],
  'destination': [undefined, null, []],
  'destination.kind': [undefined, 'amplitude'],
  'events': ['EMAIL_OPEN', {}],
  'events[0]': ['_email.open', 1, null],
  'deadLetters.bucketName': [undefined],
  'deadLetters.prefix': [undefined, ''],
};

const BAD_SOURCES: { readonly [K in EngagementSourceKind]: Record<string, readonly unknown[]> } = {
  pinpoint: { applicationId: [undefined] },
  ses: { userIdTag: [undefined, '', 1] },
  sms: { userIdContextKey: [undefined, '', {}] },
  customerProfiles: {
    domainName: [undefined, ''], objectTypeNames: [undefined, 'Campaign-Email', {}], batchGetProfilePerSecond: [undefined, 0, '100'],
  },
};

const BAD_DESTINATIONS: { readonly [K in CdpDestinationKind]: Record<string, readonly unknown[]> } = {
  segment: { 'url': [undefined, ''], 'writeKey': [undefined, 'key'], 'writeKey.secretArn': [undefined, ''], 'writeKey.field': ['', 1] },
  rudderstack: { 'url': [undefined], 'writeKey.secretArn': [undefined] },
  mparticle: { url: [undefined], credentials: [undefined], environment: [undefined, 'test'] },
  tealium: { url: [undefined], account: [undefined, ''], profile: [undefined], dataSource: [''], token: ['x'] },
  http: {
    'url': [undefined],
    'headers': [[], 'x'],
    'headers.x-a': [1],
    'secretHeader.name': [undefined],
    'secretHeader.secret.secretArn': [undefined],
    'signingSecret': ['x'],
    'maxBatchSize': [undefined, 0],
  },
  eventBus: { eventBusName: [undefined, ''] },
  stream: { streamArn: [undefined, ''] },
  function: { functionArn: [undefined], maxBatchSize: [undefined, '1'] },
};

describe('a wrong document names the key at fault', () => {
  const good = JSON.parse(documentFor(() => ({
    source: SOURCES.pinpoint[1], events: [EngagementEventType.EMAIL_OPEN],
  })));

  test.each(cases(BAD))('$path: $value', ({ path, value }) => {
    expect(errorOf(parseEngagementStreamToCdp, change(good, path, value)).path).toBe(`C.${path}`);
  });

  test.each(['extra', 'source.extra', 'destination.extra', 'destination.writeKey.extra', 'deadLetters.extra'])('a key too many: %s', (path) => {
    expect(errorOf(parseEngagementStreamToCdp, change(good, path, 1)).message).toBe(`C.${path}: unknown key`);
  });

  describe.each(Object.entries(SOURCES))('source %s', (kind, [source]) => {
    const full = JSON.parse(documentFor(() => ({ source })));

    test.each(cases({ ...BAD_SOURCES[kind as EngagementSourceKind], extra: [1] }))('$path: $value', ({ path, value }) => {
      expect(errorOf(parseEngagementStreamToCdp, change(full, `source.${path}`, value)).path).toBe(`C.source.${path}`);
    });
  });

  describe.each(Object.entries(DESTINATIONS))('destination %s', (kind, makers) => {
    const full = JSON.parse(documentFor((stack) => ({ destination: makers[makers.length - 1](stack) })));

    test.each(cases({ ...BAD_DESTINATIONS[kind as CdpDestinationKind], extra: [1] }))('$path: $value', ({ path, value }) => {
      expect(errorOf(parseEngagementStreamToCdp, change(full, `destination.${path}`, value)).path).toBe(`C.destination.${path}`);
    });
  });
});
