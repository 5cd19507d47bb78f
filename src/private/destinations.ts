import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { grantReadSecret, secretConfig } from './secrets';
import { grantPut } from './stream';
import { checkHeaderNames, checkUrl, withoutSlash } from './urls';
import { checkInteger, checkNotBoth, checkText, refuse } from './validate';
import type { CdpDestinationBindOptions } from '../cdp-destination';
import {
  FunctionDestinationOptions, HttpDestinationProps, MParticleDestinationProps, MParticleEnvironment, MParticlePod,
  RudderStackDestinationProps, SegmentDestinationProps, SegmentRegion, TealiumDestinationProps,
} from '../cdp-destination-props';
import { CdpDestinationConfig } from '../contract/cdp-destination';

/** Grants and returns a destination's part of the configuration. What can be checked without a scope, the maker of it has checked. */
export type BindDestination = (scope: Construct, options: CdpDestinationBindOptions) => CdpDestinationConfig;

const SEGMENT_URLS = { US: 'https://api.segment.io', EU: 'https://events.eu1.segmentapis.com' } as const;
const MAX_BATCH = { min: 1, max: 1000, remedy: 'leave it out for 100' };
const DEFAULT_BATCH = 100;

export function segmentDestination({ writeKey, secretField, region, url }: SegmentDestinationProps): BindDestination {
  checkUrl('url', url);
  checkNotBoth('url', url, 'region', region, 'state the one that the events are to go to');
  return (_scope, { grantee }) => {
    grantReadSecret(writeKey, grantee);
    return {
      kind: 'segment',
      url: withoutSlash(url) ?? SEGMENT_URLS[region ?? SegmentRegion.US],
      writeKey: secretConfig('secretField', writeKey, secretField),
    };
  };
}

export function rudderStackDestination({ writeKey, secretField, dataPlaneUrl }: RudderStackDestinationProps): BindDestination {
  checkUrl('dataPlaneUrl', dataPlaneUrl);
  return (_scope, { grantee }) => {
    grantReadSecret(writeKey, grantee);
    return { kind: 'rudderstack', url: withoutSlash(dataPlaneUrl), writeKey: secretConfig('secretField', writeKey, secretField) };
  };
}

export function mParticleDestination({ credentials, pod, environment, url }: MParticleDestinationProps): BindDestination {
  checkUrl('url', url);
  checkNotBoth('url', url, 'pod', pod, 'state the one that the events are to go to');
  return (_scope, { grantee }) => {
    grantReadSecret(credentials, grantee);
    return {
      kind: 'mparticle',
      url: withoutSlash(url) ?? `https://s2s.${pod ?? MParticlePod.US1}.mparticle.com`,
      credentials: secretConfig('credentials', credentials),
      environment: environment ?? MParticleEnvironment.PRODUCTION,
    };
  };
}

export function tealiumDestination(props: TealiumDestinationProps): BindDestination {
  const { account, profile, dataSource, token, secretField, region, url } = props;
  const name = (prop: string, value: string | undefined) =>
    checkText(prop, value, /^[\w.-]+$/, 'must be a name of letters, digits and `-_.`', 'take it from the address of the Tealium console');
  name('account', account);
  name('profile', profile);
  name('dataSource', dataSource);
  checkText('region', region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'must be the name of an AWS Region', "write it like 'eu-central-1'");
  checkUrl('url', url);
  checkNotBoth('url', url, 'region', region, 'state the one that the events are to go to');
  return (_scope, { grantee }) => {
    if (token) grantReadSecret(token, grantee);
    return {
      kind: 'tealium',
      url: withoutSlash(url) ?? `https://collect${region === undefined ? '' : `-${region}`}.tealiumiq.com`,
      account,
      profile,
      dataSource,
      token: token && secretConfig('secretField', token, secretField),
    };
  };
}

export function httpDestination(props: HttpDestinationProps): BindDestination {
  const { url, headers, secretHeader, signingSecret, maxBatchSize } = props;
  checkUrl('url', url);
  checkHeaderNames(headers, secretHeader?.name);
  checkInteger('maxBatchSize', maxBatchSize, MAX_BATCH);
  return (_scope, { grantee }) => {
    if (secretHeader) grantReadSecret(secretHeader.secret, grantee);
    if (signingSecret) grantReadSecret(signingSecret, grantee);
    return {
      kind: 'http',
      url,
      headers,
      secretHeader: secretHeader && {
        name: secretHeader.name ?? 'authorization', secret: secretConfig('secretField', secretHeader.secret, secretHeader.secretField),
      },
      signingSecret: signingSecret && secretConfig('signingSecretField', signingSecret, props.signingSecretField),
      maxBatchSize: maxBatchSize ?? DEFAULT_BATCH,
    };
  };
}

export function eventBusDestination(bus: events.IEventBus): BindDestination {
  return (scope, { grantee }) => {
    iam.Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [bus.eventBusArn] });
    // A name means a bus of one's own account and Region.
    const { account, region } = Stack.of(scope);
    const isOurs = bus.env.account === account && bus.env.region === region;
    return { kind: 'eventBus', eventBusName: isOurs ? bus.eventBusName : bus.eventBusArn };
  };
}

export function streamDestination(stream: kinesis.IStream): BindDestination {
  return (_scope, { grantee, readsStream }) => {
    if (readsStream && (readsStream === stream || readsStream.streamArn === stream.streamArn)) {
      refuse('destination', 'must not be the stream that the construct reads', stream.node.path, 'bring another stream');
    }
    grantPut(stream, grantee, 'kinesis:PutRecords');
    return { kind: 'stream', streamArn: stream.streamArn };
  };
}

export function functionDestination(handler: lambda.IFunction, { maxBatchSize }: FunctionDestinationOptions): BindDestination {
  checkInteger('maxBatchSize', maxBatchSize, MAX_BATCH);
  return (_scope, { grantee }) => {
    iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [handler.functionArn] });
    return { kind: 'function', functionArn: handler.functionArn, maxBatchSize: maxBatchSize ?? DEFAULT_BATCH };
  };
}
