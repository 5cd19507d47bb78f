import {
  CdpFormat, ChannelType, EndpointTarget, LocationField,
  DemographicField, PinpointEndpointWrites, TraitMapping, CdpEndpointSyncProps,
} from '../src';
import { cases, change, errorOf } from './support/contract';
import { APPLICATION_ID, configOf, givenSync, templateOf } from './support/synth';
import { CdpEndpointSyncConfig, parseCdpEndpointSync } from '../src/contract/cdp-endpoint-sync';
import { CdpFormatKind } from '../src/contract/cdp-format';
import { EndpointTargetKind } from '../src/contract/endpoint-target';
import { CONFIG_VARIABLE, loadConfig } from '../src/contract/env';
import { ConfigError } from '../src/contract/parse';
import { parseRedrive } from '../src/contract/redrive';
import { TraitRule } from '../src/contract/trait-mapping';

/** The seam: what a construct writes into a template, a handler must be able to read. */
type Props = Partial<CdpEndpointSyncProps>;

/** Each kind of each role; a kind without an example is a compile error. */
const TARGETS: { readonly [K in EndpointTargetKind]: readonly EndpointTarget[] } = {
  pinpoint: [
    EndpointTarget.pinpoint({ applicationId: APPLICATION_ID }),
    EndpointTarget.pinpoint({ applicationId: APPLICATION_ID, endpointWrites: PinpointEndpointWrites.EVENTS, lookUpEndpoints: false }),
  ],
  customerProfiles: [
    EndpointTarget.customerProfiles({ domainName: 'amazon-connect-shop' }),
    EndpointTarget.customerProfiles({
      domainName: 'amazon-connect-shop', attributes: ['plan'], metrics: ['ltv'], userObjectTypeName: 'User', eventObjectTypeName: 'Event',
    }),
  ],
  all: [EndpointTarget.all([
    EndpointTarget.customerProfiles({ domainName: 'amazon-connect-shop' }), EndpointTarget.pinpoint({ applicationId: APPLICATION_ID }),
  ])],
};
const FORMATS: { readonly [K in Exclude<CdpFormatKind, 'function'>]: CdpFormat } = {
  segment: CdpFormat.segment(), rudderstack: CdpFormat.rudderStack(), mparticle: CdpFormat.mParticle(), tealium: CdpFormat.tealium(),
  cloudevents: CdpFormat.cloudEvents(), pinpoint: CdpFormat.pinpoint(), auto: CdpFormat.auto(),
};
const RULES: { readonly [K in TraitRule['to']]: TraitMapping } = {
  address: TraitMapping.address('workEmail', ChannelType.EMAIL),
  endpointAttribute: TraitMapping.endpointAttribute('newsletter', { channels: [ChannelType.EMAIL], values: { true: 'Subscribed' } }),
  userAttribute: TraitMapping.userAttribute('plan', { values: { a: 'A' } }),
  metric: TraitMapping.metric('ltv', { channels: [ChannelType.SMS] }),
  location: TraitMapping.location('town', LocationField.CITY),
  demographic: TraitMapping.demographic('make', DemographicField.MAKE),
  optOut: TraitMapping.optOut('unsubscribed', { channels: [ChannelType.EMAIL] }),
  ignore: TraitMapping.ignore('password'),
};

function configFor(props: Props): CdpEndpointSyncConfig {
  return loadConfig(parseCdpEndpointSync, { [CONFIG_VARIABLE]: configOf(templateOf(givenSync(props)), 'SyncHandler') });
}

describe('what is synthesized parses', () => {
  test.each(Object.entries(TARGETS).flatMap(([kind, targets]) => targets.map((target) => ({ kind, target }))))(
    'target $kind (%#)', ({ kind, target }) => {
      expect(configFor({ target }).target.kind).toBe(kind);
    });

  test.each(Object.entries(FORMATS))('format %s', (kind, format) => {
    expect(configFor({ format }).format).toEqual(kind === 'cloudevents' ? { kind, inner: { kind: 'auto' } } : { kind });
  });

  test('an envelope with a vocabulary of its own, but not with envelopes', () => {
    expect(configFor({ format: CdpFormat.cloudEvents({ format: CdpFormat.segment() }) }).format).toEqual({ kind: 'cloudevents', inner: { kind: 'segment' } });
    expect(() => configFor({ format: CdpFormat.cloudEvents({ format: CdpFormat.cloudEvents() }) })).toThrow(/`format` must not be CloudEvents again/);
  });

  test.each(Object.entries(RULES))('rule %s', (to, rule) => {
    expect(configFor({ mapping: [rule] }).mapping.rules).toEqual([expect.objectContaining({ to })]);
  });

  test('in whole, without any rule', () => {
    expect(configFor({})).toEqual({
      version: 1,
      instance: 'Stack/Sync',
      format: { kind: 'segment' },
      mapping: {
        rules: [], unmapped: 'userAttributes', endpointId: '{userId}:{channel}', eventChannels: ['EMAIL', 'SMS', 'APNS', 'GCM', 'ADM', 'BAIDU'],
      },
      target: {
        kind: 'pinpoint',
        applicationId: APPLICATION_ID,
        endpointWrites: 'batch',
        lookUpEndpoints: true,
        requestsPerSecond: { updateEndpointsBatch: 2, putEvents: 15, userEndpoints: 300 },
      },
      deadLetters: { bucketName: '<SyncDeadLetters>', prefix: expect.stringMatching(/^dead-letters\/Stack-Sync-[0-9A-F]{8}$/) },
    });
  });

  test('the redrive function', () => {
    const config = loadConfig(parseRedrive, { [CONFIG_VARIABLE]: configOf(templateOf(givenSync()), 'SyncRedrive') });
    expect(config).toEqual({
      version: 1,
      instance: 'Stack/Sync',
      deadLetters: configFor({}).deadLetters,
      abandonedBatchesPrefix: 'aws/lambda/<SyncEventSource>',
      sink: { kind: 'stream', streamArn: '<SyncStream.Arn>' },
    });
  });
});

/** What a key may not be; `undefined` leaves it out. */
const BAD: Record<string, readonly unknown[]> = {
  'version': [undefined, 0, 2, '1'],
  'instance': [undefined, '', 7],
  'format': [undefined, null, 'segment', []],
  'format.kind': [undefined, 'other', '__proto__'],
  'mapping': [undefined, null, []],
  'mapping.rules': [undefined, {}, 'x'],
  'mapping.unmapped': [undefined, 'keep'],
  'mapping.endpointId': [undefined, ''],
  'mapping.eventChannels': [undefined, 'EMAIL'],
  'mapping.defaultCountry': ['', 49],
  'target': [undefined, null, 5],
  'target.kind': [undefined, 'other'],
  'target.applicationId': [undefined, ''],
  'target.endpointWrites': [undefined, 'both'],
  'target.lookUpEndpoints': [undefined, 'true', 1],
  'target.requestsPerSecond': [undefined, 2],
  'target.requestsPerSecond.updateEndpointsBatch': [undefined, 0, -1, '2', null],
  'target.requestsPerSecond.putEvents': [undefined, 0],
  'target.requestsPerSecond.userEndpoints': [undefined, 0],
  'deadLetters': [undefined, 'bucket'],
  'deadLetters.bucketName': [undefined, ''],
  'deadLetters.prefix': [undefined, ''],
};

const BAD_RULES: Record<string, readonly unknown[]> = {
  'address.trait': [undefined, ''],
  'address.channel': [undefined, 'PUSH'],
  'endpointAttribute.name': [undefined, ''],
  'endpointAttribute.channels': ['EMAIL', {}],
  'endpointAttribute.channels[0]': ['PUSH', 3],
  'endpointAttribute.values': [[], 'x'],
  'endpointAttribute.values.true': ['', 1],
  'userAttribute.name': [undefined, 1],
  'userAttribute.values': [7],
  'metric.name': [undefined],
  'metric.channels[0]': ['x'],
  'location.field': [undefined, 'city'],
  'demographic.field': [undefined, 'OS'],
  'optOut.values': [undefined, null],
  'optOut.values.true': ['SOME'],
  'ignore.trait': [undefined],
};

const BAD_REDRIVE: Record<string, readonly unknown[]> = {
  'version': [undefined, 2],
  'instance': [undefined, ''],
  'deadLetters.prefix': [undefined],
  'abandonedBatchesPrefix': ['', 1],
  'sink': [undefined, 'stream'],
  'sink.kind': [undefined, 'topic'],
  'sink.streamArn': [undefined, ''],
};

describe('a wrong document names the key at fault', () => {
  const good = JSON.parse(configOf(templateOf(givenSync({ mapping: Object.values(RULES), defaultCountry: 'DE' })), 'SyncHandler'));
  const goodRedrive = JSON.parse(configOf(templateOf(givenSync()), 'SyncRedrive'));
  const position = (to: string) => `mapping.rules[${Object.keys(RULES).indexOf(to)}]`;

  test('the documents it is made from are right', () => {
    expect(() => parseCdpEndpointSync(good, '')).not.toThrow();
    expect(() => parseRedrive(goodRedrive, '')).not.toThrow();
  });

  test.each(cases(BAD))('$path: $value', ({ path, value }) => {
    expect(errorOf(parseCdpEndpointSync, change(good, path, value)).path).toBe(`C.${path}`);
  });

  test.each(cases(BAD_RULES))('rule $path: $value', ({ path, value }) => {
    const full = path.replace(/^\w+/, position);
    expect(errorOf(parseCdpEndpointSync, change(good, full, value)).path).toBe(`C.${full}`);
  });

  test.each(cases(BAD_REDRIVE))('redrive $path: $value', ({ path, value }) => {
    expect(errorOf(parseRedrive, change(goodRedrive, path, value)).path).toBe(`C.${path}`);
  });

  test.each([
    'extra', 'format.extra', 'mapping.extra', 'target.extra', 'target.requestsPerSecond.extra', 'deadLetters.extra',
    ...Object.keys(RULES).map((to) => `${position(to)}.extra`),
  ])('a key too many: %s', (path) => {
    expect(errorOf(parseCdpEndpointSync, change(good, path, 1))).toMatchObject({ path: `C.${path}`, message: `C.${path}: unknown key` });
  });

  test.each([null, [], 'text', 1])('a document that is no object: %p', (document) => {
    expect(errorOf(parseCdpEndpointSync, document)).toMatchObject({ name: 'ConfigError', path: 'C' });
  });

  test('a long value is cut in the message', () => {
    expect(errorOf(parseCdpEndpointSync, change(good, 'format.kind', 'x'.repeat(500))).message.length).toBeLessThan(200);
  });
});

describe('the variable', () => {
  test.each([undefined, ''])('is not set: %p', (json) => {
    expect(() => loadConfig(parseRedrive, { [CONFIG_VARIABLE]: json })).toThrow(new ConfigError(CONFIG_VARIABLE, 'the variable is not set'));
  });

  test('is not JSON', () => {
    expect(() => loadConfig(parseRedrive, { [CONFIG_VARIABLE]: '{' })).toThrow(new ConfigError(CONFIG_VARIABLE, 'not JSON'));
  });
});
