import { Duration, Lazy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { ChannelType, TraitMapping } from '../src';
import { givenStack, givenSync } from './support/synth';

describe('fails with', () => {
  const stack = givenStack();
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const stream = new kinesis.Stream(stack, 'Mine');
  const later = Lazy.number({ produce: () => 2 });

  test.each<[string, Parameters<typeof givenSync>[0], string]>([
    ['too little memory', { memorySize: 64 }, '`memorySize` must be a whole number from 128 to 10240, got: 64; leave it out for 512 MiB'],
    ['too long a timeout', { timeout: Duration.minutes(16) }, '`timeout` must be whole seconds from 30 seconds to 15 minutes, got: 16 minutes'],
    ['too short a timeout', { timeout: Duration.seconds(29) }, '`timeout` must be whole seconds from 30 seconds to 15 minutes, got: 29 seconds'],
    ['subnets without a VPC', { vpcSubnets: {} }, '`vpcSubnets` needs `vpc`, got none; state the VPC too'],
    ['security groups without a VPC', { securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })] }, '`securityGroups` needs `vpc`, got none'],
    ['no shard', { shardCount: 0 }, '`shardCount` must be a whole number from 1 to 10000, got: 0'],
    ['half a shard', { shardCount: 1.5 }, '`shardCount` must be a whole number from 1 to 10000, got: 1.5'],
    ['shards that are not known', { shardCount: later }, '`shardCount` must be known at synthesis'],
    ['batches that are not known', { parallelizationFactor: later }, '`parallelizationFactor` must be known at synthesis'],
    ['too many batches at once', { parallelizationFactor: 11 }, '`parallelizationFactor` must be a whole number from 1 to 10, got: 11'],
    ['too large a batch', { batchSize: 10_001 }, '`batchSize` must be a whole number from 1 to 10000, got: 10001'],
    ['too many attempts', { retryAttempts: 10_001 }, '`retryAttempts` must be a whole number from 0 to 10000, got: 10001'],
    ['too long a window', { maxBatchingWindow: Duration.seconds(301) }, '`maxBatchingWindow` must be whole seconds from 0 seconds to 5 minutes'],
    ['too low an age', { maxRecordAge: Duration.seconds(59) }, '`maxRecordAge` must be whole seconds from 1 minute to 7 days, got: 59 seconds'],
    ['parts of a second', { maxBatchingWindow: Duration.millis(1500) }, '`maxBatchingWindow` must be whole seconds'],
    ['an age beyond the retention', { maxRecordAge: Duration.hours(48) }, '`maxRecordAge` must be shorter than `streamRetention`'],
    ['too short a retention', { streamRetention: Duration.hours(23) }, '`streamRetention` must be whole hours from 24 to 8760, got: 23 hours'],
    ['parts of an hour', { streamRetention: Duration.minutes(1470) }, '`streamRetention` must be whole hours from 24 to 8760'],
    ['a retention of a brought stream', { stream, streamRetention: Duration.hours(24) },
      '`stream` and `streamRetention` exclude each other, got both'],
    ['a prefix with a slash at its end', { deadLetterPrefix: 'letters/' },
      '`deadLetterPrefix` must be names of letters, digits and `-_.`, joined by slashes'],
    ['a prefix with a wildcard', { deadLetterPrefix: '*' }, '`deadLetterPrefix` must be names'],
    ["Lambda's prefix", { deadLetterPrefix: 'aws/lambda/x' }, '`deadLetterPrefix` must be names'],
    ['the prefix of what was redriven', { deadLetterPrefix: 'redriven' }, '`deadLetterPrefix` must be names'],
    ['a country that is no code', { defaultCountry: 'Germany' },
      "`defaultCountry` must be an ISO 3166-1 alpha-2 code in capitals, got: 'Germany'; write it like 'DE'"],
    ['no channel', { eventChannels: [] }, '`eventChannels` must name at least one channel, and each once, got: []'],
    ['a channel twice', { eventChannels: [ChannelType.SMS, ChannelType.SMS] }, '`eventChannels` must name at least one channel'],
    ['a token for a template', { endpointId: Lazy.string({ produce: () => '{userId}:{channel}' }) }, '`endpointId` must be known at synthesis'],
  ])('%s', (_, props, message) => {
    expect(() => givenSync(props)).toThrow(message);
  });

  test.each([
    '{userId}', '{channel}', 'x', '{userId}{channel}', '{userId}:{userId}:{channel}',
    '${userId}:{channel}', '{userId}:{channel}:{x}', '{userId}:{channel} ',
    '{channel}_{userId}',
  ])('the endpoint id %s', (endpointId) => {
    expect(() => givenSync({ endpointId })).toThrow('`endpointId` must hold `{userId}` and `{channel}` once each');
  });

  test('more rules than a variable can hold', () => {
    const mapping = Array.from({ length: 60 }, (_, index) => TraitMapping.userAttribute(`preferences.category${index}`));
    expect(() => givenSync({ mapping })).toThrow(
      /^`CDP_CONFIG` must have at most 4096 bytes, which is Lambda's limit, got: \d+; write fewer or shorter rules/);
  });
});

test.each(['{userId}:{channel}', '{userId}-{channel}', 'cdp_{channel}/{userId}', '{userId}_.{channel}@x+1'])('the endpoint id %s is fine',
  (endpointId) => {
    expect(() => givenSync({ endpointId })).not.toThrow();
  });

test('messages have no capital first letter and no full stop', () => {
  const message = (() => {
    try {
      givenSync({ memorySize: 1 });
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  })();
  expect(message).toMatch(/^`memorySize` must [^]*[^.]$/);
});
