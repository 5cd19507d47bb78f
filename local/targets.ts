import { CdpDestinationOf } from './cdp/accounts';
import { CdpServer } from './cdp/server';
import { DeadLetterPlace } from './dead-letters';
import { RefusedError } from './errors';
import { EventSourceMapping } from './lambda/event-source-mapping';
import { FunctionSpec } from './lambda/function-spec';
import { SecretsManager } from './services/secrets-manager';
import { JsonObject, isObject } from './template/model';
import { CdpDestinationConfig, SecretConfig, parseCdpDestination } from '../src/contract/cdp-destination';
import { ABANDONED_BATCHES_PREFIX } from '../src/contract/dead-letters';
import { EngagementSourceKind, parseEngagementSource } from '../src/contract/engagement-source';
import { CONFIG_VARIABLE } from '../src/contract/env';
import { OfferCallerConfig, parseOfferCaller } from '../src/contract/offer-caller';
import { parseWebhook, WebhookVerificationConfig } from '../src/contract/webhook';

/** What the run has to know of an app's constructs, read from what they tell their own handlers. */

/** Streams that take the messages of `--events`: those of CdpEndpointSync or, in an app without our constructs, all that are read. */
export function eventStreams(mappings: readonly EventSourceMapping[], format: string, option: string): string[] {
  const chosen = streamsOf(mappings, isEndpointSync, 'CdpEndpointSync', option);
  for (const { fn } of chosen.filter((mapping) => isEndpointSync(configOf(mapping.fn)))) {
    const reads = formatOf(fn);
    // What a function of the app's own reads is the app's affair.
    if (reads !== format && reads !== 'function') {
      throw new RefusedError(fn.construct, `reads ${reads}, not ${format}: let the app take its format from the context key "format"`);
    }
  }
  return namesOf(chosen);
}

/**
 * Streams that take the records of `--engagement`, chosen in the same way, each with the application or the domain whose events its reader takes;
 * of one kind of source, or of any.
 */
export function engagementStreams(
  mappings: readonly EventSourceMapping[], option: string, kind?: EngagementSourceKind,
): Map<string, string | undefined> {
  const isOne: Test = (config) => isEngagementStream(config) && (kind === undefined || sourceOf(config) === kind);
  const chosen = streamsOf(mappings, isOne, 'EngagementStreamToCdp', option);
  return new Map(chosen.map(({ spec, fn }) => [spec.streamName, ownerOf(fn)]));
}

function ownerOf(fn: FunctionSpec): string | undefined {
  const source = configOf(fn)?.source;
  const owner = isObject(source) ? source.applicationId ?? source.domainName : undefined;
  return typeof owner === 'string' ? owner : undefined;
}

/** The services whose events the app reads. */
export function engagementKinds(mappings: readonly EventSourceMapping[]): ReadonlySet<EngagementSourceKind> {
  const configs = mappings.map(({ fn }) => configOf(fn)).filter(isEngagementStream);
  return new Set(configs.map(sourceOf));
}

export function hasEndpointSync(mappings: readonly EventSourceMapping[]): boolean {
  return mappings.some(({ fn }) => isEndpointSync(configOf(fn)));
}

export function hasEngagementStream(mappings: readonly EventSourceMapping[]): boolean {
  return mappings.some(({ fn }) => isEngagementStream(configOf(fn)));
}

/** A function that campaigns and journeys invoke, as its configuration describes it. */
export interface OfferChannel {
  readonly fn: FunctionSpec;
  readonly caller: OfferCallerConfig;
}

export function offerChannels(functions: readonly FunctionSpec[], option: string): OfferChannel[] {
  const channels = functions.filter(isChannel).map((fn) => ({ fn, caller: parseOfferCaller(configOf(fn)!.caller, 'caller') }));
  if (channels.length === 0) throw new RefusedError(option, 'the app has no OfferCustomChannel');
  return channels;
}

export function hasOfferChannel(functions: readonly FunctionSpec[]): boolean {
  return functions.some(isChannel);
}

function isChannel(fn: FunctionSpec): boolean {
  const config = configOf(fn);
  return config !== undefined && 'caller' in config && !('destination' in config);
}

/** Functions that put dead letters back. */
export function redriveFunctions(functions: readonly FunctionSpec[]): FunctionSpec[] {
  return functions.filter((fn) => {
    const config = configOf(fn);
    return config !== undefined && 'sink' in config && 'deadLetters' in config;
  });
}

type Test = (config: JsonObject | undefined) => boolean;

function streamsOf(mappings: readonly EventSourceMapping[], isOne: Test, construct: string, option: string): readonly EventSourceMapping[] {
  const ours = mappings.filter(({ fn }) => isOne(configOf(fn)));
  const chosen = ours.length > 0 || mappings.some(({ fn }) => configOf(fn)) ? ours : mappings;
  if (chosen.length === 0) throw new RefusedError(option, `the app has no ${construct} that reads a stream`);
  return chosen;
}

function namesOf(mappings: readonly EventSourceMapping[]): string[] {
  return [...new Set(mappings.map(({ spec }) => spec.streamName))];
}

/** The destinations of the app, as its handlers are told them. */
export function destinationsOf(functions: readonly FunctionSpec[]): CdpDestinationOf[] {
  return functions.flatMap((fn) => {
    const destination = configOf(fn)?.destination;
    return isObject(destination) ? [{ construct: fn.construct, config: parseCdpDestination(destination, 'destination') }] : [];
  });
}

/** Constructs by the account of the CDP that they tell, as far as it is an emulated one: they may share one, and its key. */
export function accountsOf(functions: readonly FunctionSpec[]): string[][] {
  const accounts = new Map<string, string[]>();
  for (const { construct, config } of destinationsOf(functions)) {
    if (config.kind === 'stream' || config.kind === 'function') continue;
    const key = JSON.stringify(config);
    accounts.set(key, [...accounts.get(key) ?? [], construct]);
  }
  return [...accounts.values()];
}

/** Constructs that tell the CDP something. */
export function deliveringConstructs(functions: readonly FunctionSpec[]): string[] {
  return [...new Set(destinationsOf(functions).map(({ construct }) => construct))];
}

/** The emulated CDP gets an account for each destination; a secret that is not made by the app gets a value of its own. */
export function openAccounts(cdp: CdpServer, functions: readonly FunctionSpec[], secrets: SecretsManager): void {
  const secretOf = ({ secretArn, field }: SecretConfig) => {
    const value = secrets.valueOf(secretArn);
    return value === undefined || field === undefined ? value : fieldOf(value, field);
  };
  const destinations = destinationsOf(functions);
  for (const { secretArn, field } of destinations.flatMap(({ config }) => secretsIn(config))) {
    const value = field === undefined ? MADE_UP : JSON.stringify(Object.fromEntries(field.split(' ').map((name) => [name, MADE_UP])));
    if (secrets.valueOf(secretArn) === undefined) secrets.adopt(secretArn, value);
  }
  cdp.accounts.open(destinations, secretOf, cdp.url);
}

const MADE_UP = 'local-secret';

/** A webhook of the app: what its function is told of how requests are verified, and the secret that a client needs. */
export interface WebhookOf {
  readonly fn: FunctionSpec;
  readonly verification: WebhookVerificationConfig;
  readonly secret: string;
}

export function webhooksOf(functions: readonly FunctionSpec[], secrets: SecretsManager): WebhookOf[] {
  return functions.flatMap((fn) => {
    const config = configOf(fn);
    if (!config || !('verification' in config)) return [];
    const { verification } = parseWebhook(config, CONFIG_VARIABLE);
    const { secretArn, field } = verification.secret;
    if (secrets.valueOf(secretArn) === undefined) secrets.adopt(secretArn, field === undefined ? MADE_UP : JSON.stringify({ [field]: MADE_UP }));
    const value = secrets.valueOf(secretArn) ?? '';
    return [{ fn, verification, secret: field === undefined ? value : fieldOf(value, field) ?? '' }];
  });
}


function secretsIn(config: CdpDestinationConfig): readonly SecretConfig[] {
  switch (config.kind) {
    case 'segment': case 'rudderstack': return [config.writeKey];
    case 'mparticle': return [{ ...config.credentials, field: 'key secret' }];
    case 'tealium': return config.token ? [config.token] : [];
    case 'http': return [config.secretHeader?.secret, config.signingSecret].flatMap((one) => one ?? []);
    default: return [];
  }
}

function fieldOf(secret: string, field: string): string | undefined {
  try {
    const value: unknown = JSON.parse(secret);
    return isObject(value) && typeof value[field] === 'string' ? value[field] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An app that does not take the CDP's address from the context would call the real one. What the endpoint variables are for
 * the clients of AWS, this is for the CDP: only the origin changes, the path stays as the construct made it.
 */
export function withLocalCdp(spec: FunctionSpec, url: string): FunctionSpec {
  const config = configOf(spec);
  const destination = config?.destination;
  if (!config || !isObject(destination) || typeof destination.url !== 'string') return spec;
  const { origin } = new URL(destination.url);
  const local = { ...config, destination: { ...destination, url: `${url}${destination.url.slice(origin.length)}` } };
  return { ...spec, environment: { ...spec.environment, [CONFIG_VARIABLE]: JSON.stringify(local) } };
}

export function deadLetterPlaces(functions: readonly FunctionSpec[], mappings: readonly EventSourceMapping[]): DeadLetterPlace[] {
  const ofHandlers = functions.flatMap((fn): DeadLetterPlace[] => {
    const letters = configOf(fn)?.deadLetters;
    if (!isObject(letters) || typeof letters.bucketName !== 'string') return [];
    return [{ construct: fn.construct, bucket: letters.bucketName, writer: 'handler', prefix: `${String(letters.prefix)}/` }];
  });
  const ofMappings = mappings.flatMap(({ spec, fn }): DeadLetterPlace[] => spec.onFailureBucket === undefined ? [] : [
    { construct: fn.construct, bucket: spec.onFailureBucket, writer: 'mapping', prefix: `${ABANDONED_BATCHES_PREFIX}/${spec.uuid}/` },
  ]);
  // The functions of one construct (handler, redrive) name the same place.
  return [...new Map([...ofHandlers, ...ofMappings].map((place) => [JSON.stringify(place), place])).values()];
}

function configOf({ environment }: FunctionSpec): JsonObject | undefined {
  const text = environment[CONFIG_VARIABLE];
  const config: unknown = text === undefined ? undefined : JSON.parse(text);
  return isObject(config) ? config : undefined;
}

function isEndpointSync(config: JsonObject | undefined): boolean {
  return config !== undefined && 'format' in config && 'target' in config && 'mapping' in config;
}

function isEngagementStream(config: JsonObject | undefined): boolean {
  return config !== undefined && 'source' in config && 'destination' in config;
}

function sourceOf(config: JsonObject | undefined): EngagementSourceKind {
  return parseEngagementSource(config?.source, 'source').kind;
}

function formatOf(fn: FunctionSpec): string {
  const format = configOf(fn)?.format;
  return isObject(format) ? String(format.kind) : 'unknown';
}
