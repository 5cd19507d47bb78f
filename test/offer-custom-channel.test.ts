import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as fc from 'fast-check';
import { CdpDestination, OfferCaller, OfferCustomChannelProps, OfferWithoutUserId, PinpointCallers } from '../src';
import { APPLICATION_ID, configOf, givenOffer, givenStack, givenWriteKey, readable, statementsOf, templateOf } from './support/synth';
import { OfferMetric } from '../src/contract/offer-custom-channel';
import { maxReceiveCountOf, visibilityTimeoutOf } from '../src/private/queue';

const APP = `arn:<AWS::Partition>:mobiletargeting:<AWS::Region>:<AWS::AccountId>:apps/${APPLICATION_ID}`;
const ITS_ACCOUNT = { StringEquals: { 's3:ResourceAccount': '<AWS::AccountId>' } };
const PREFIX = expect.stringMatching(/^<OfferDeadLetters\.Arn>\/dead-letters\/Stack-Offer-[0-9A-F]{8}\/\*$/);
const REDRIVEN = expect.stringMatching(/^<OfferDeadLetters\.Arn>\/redriven\/dead-letters\/Stack-Offer-[0-9A-F]{8}\/\*$/);
const LOGS = (name: string) => ({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `<Offer${name}Logs.Arn>` });
const PUT_LETTERS = { Action: 's3:PutObject', Condition: ITS_ACCOUNT, Resource: PREFIX };

describe('with the required props only', () => {
  const offer = givenOffer();
  const template = templateOf(offer);

  test('the channel may write its logs, dead letters and the queue, and nothing else', () => {
    expect(statementsOf(template, '<OfferChannelRole>')).toEqual([
      LOGS('Channel'), PUT_LETTERS, { Action: 'sqs:SendMessage', Resource: '<OfferQueue.Arn>' },
    ]);
  });

  test('the delivery may read the queue and the secret', () => {
    expect(statementsOf(template, '<OfferDeliveryRole>')).toEqual([
      LOGS('Delivery'),
      PUT_LETTERS,
      { Action: 'secretsmanager:GetSecretValue', Resource: '<WriteKey>' },
      {
        Action: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: '<OfferQueue.Arn>',
      },
    ]);
  });

  test('the redrive moves dead letters to the queue', () => {
    expect(statementsOf(template, '<OfferRedriveRole>')).toEqual([
      LOGS('Redrive'),
      { Action: ['s3:GetObject', 's3:DeleteObject'], Condition: ITS_ACCOUNT, Resource: PREFIX },
      { Action: 's3:PutObject', Condition: ITS_ACCOUNT, Resource: [REDRIVEN, PREFIX] },
      {
        Action: 's3:ListBucket',
        Condition: { ...ITS_ACCOUNT, StringLike: { 's3:prefix': [expect.stringMatching(/^dead-letters\/Stack-Offer-[0-9A-F]{8}\/\*$/)] } },
        Resource: '<OfferDeadLetters.Arn>',
      },
      { Action: 'sqs:SendMessage', Resource: '<OfferQueue.Arn>' },
    ]);
  });

  test('only this application may invoke the channel, by the principal of its Region', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => readable(Properties));
    expect(permissions).toEqual([{
      Action: 'lambda:InvokeFunction',
      FunctionName: '<OfferChannel.Arn>',
      Principal: 'pinpoint.<AWS::Region>.amazonaws.com',
      SourceAccount: '<AWS::AccountId>',
      SourceArn: `${APP}/*`,
    }]);
  });

  test('the queue keeps offers for 14 days, the mapping reports single failures', () => {
    template.hasResource('AWS::SQS::Queue', {
      DeletionPolicy: 'Retain',
      Properties: {
        MessageRetentionPeriod: 1_209_600,
        MaximumMessageSize: 1_048_576,
        SqsManagedSseEnabled: true,
        VisibilityTimeout: 1800,
        RedrivePolicy: { maxReceiveCount: 308, deadLetterTargetArn: Match.anyValue() },
      },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 500, MaximumBatchingWindowInSeconds: 1, FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test('the caller decides how long the channel may take', () => {
    const timeouts = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => [Properties.Description, Properties.Timeout]);
    expect(timeouts).toEqual(expect.arrayContaining([
      ['Gives the offer to the users of a campaign or journey step', 15], ['Tells a CDP which offers were given', 300],
    ]));
  });

  test('name and ARN of the channel are outputs', () => {
    const values = Object.values(template.findOutputs('*')).map(({ Value }) => readable(Value)).sort();
    expect(values).toEqual(['<OfferChannel.Arn>', '<OfferChannel>']);
  });

  test('the end of support is a warning that can be acknowledged', () => {
    Annotations.fromStack(Stack.of(offer)).hasWarning('/Stack/Offer', Match.stringLikeRegexp('ended support.*cdk-cdp-engagement:pinpointEndOfSupport'));
  });

  test('every alarm can fire: its metric is one that something writes', () => {
    expect(offer.alarms).toHaveLength(13);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 13);
  });

  test.each([
    ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 300, 3, 3600],
    ['AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', 300, 1, 100_000],
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 300, 1, 1],
    ['CdkCdpEngagement', 'RetriedAge', 3600, 1, 3_600_000],
    ['CdkCdpEngagement', 'DeliveriesRefused', 300, 1, 1],
  ])('an alarm on %s %s', (Namespace, MetricName, Period, EvaluationPeriods, Threshold) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace, MetricName, Period, EvaluationPeriods, Threshold });
  });

  test('every metric of the handlers is named where metric() is documented', () => {
    const source = readFileSync(join(__dirname, '../src/offer-custom-channel.ts'), 'utf8');
    const [doc] = /\/\*\*(?:(?!\*\/)[^])*\*\/\s*public metric\(/.exec(source)!;
    expect(Object.values(OfferMetric).filter((name) => !doc.includes(`\`${name}\``))).toEqual([]);
  });
});

test.each([
  [PinpointCallers.ALL, '/*'], [PinpointCallers.CAMPAIGNS, '/campaigns/*'], [PinpointCallers.JOURNEYS, '/journeys/*'],
])('callers %s', (callers, path) => {
  const template = templateOf(givenOffer({ caller: OfferCaller.pinpoint({ applicationId: APPLICATION_ID, callers }) }));
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Permission'));
  expect(readable(Properties.SourceArn)).toBe(`${APP}${path}`);
});

test('with every prop', () => {
  const stack = givenStack();
  const key = new kms.Key(stack, 'Key');
  const offer = givenOffer({
    offer: {
      offerId: '20_OFF', name: 'n', discount: '20 %', attributes: { store: 'all' }, validFrom: new Date('2026-12-01T00:00:00Z'), validFor: Duration.days(14),
    },
    dataFields: ['offerId', 'store', 'data'],
    withoutUserId: OfferWithoutUserId.DEAD_LETTER,
    eventName: 'Coupon Given',
    maxDeliveryAge: Duration.days(5),
    timeout: Duration.minutes(15),
    encryptionKey: key,
    deadLetterBucket: new s3.Bucket(stack, 'Letters'),
    deadLetterPrefix: 'letters/offers',
    removalPolicy: RemovalPolicy.DESTROY,
    alarmTopic: new sns.Topic(stack, 'Topic'),
  }, stack);
  const template = templateOf(offer);
  expect(JSON.parse(configOf(template, 'OfferDelivery'))).toEqual({
    version: 1,
    instance: 'Stack/Offer',
    caller: { kind: 'pinpoint', applicationId: APPLICATION_ID, budgetSeconds: 15 },
    rules: {
      offer: {
        offerId: '20_OFF', name: 'n', discount: '20 %', attributes: { store: 'all' }, validFrom: '2026-12-01T00:00:00.000Z', validForSeconds: 1_209_600,
      },
      eventName: 'Coupon Given',
      dataFields: ['offerId', 'store', 'data'],
      withoutUserId: 'deadLetter',
    },
    queueUrl: '<OfferQueue>',
    deadLetters: { bucketName: '<Letters>', prefix: 'letters/offers' },
    destination: { kind: 'segment', url: 'https://api.segment.io', writeKey: { secretArn: '<WriteKey>' } },
    maxDeliverySeconds: 432_000,
  });
  expect(JSON.parse(configOf(template, 'OfferChannel'))).not.toHaveProperty('destination');
  template.hasResource('AWS::SQS::Queue', {
    DeletionPolicy: 'Delete', Properties: { VisibilityTimeout: 1800, KmsMasterKeyId: Match.anyValue(), RedrivePolicy: { maxReceiveCount: 500 } },
  });
  expect(statementsOf(template, '<OfferChannelRole>')).toEqual(expect.arrayContaining([
    { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '<Key.Arn>' }, { Action: 'sqs:SendMessage', Resource: '<OfferQueue.Arn>' },
  ]));
  expect(statementsOf(template, '<OfferDeliveryRole>')).toEqual(expect.arrayContaining([{ Action: 'kms:Decrypt', Resource: '<Key.Arn>' }]));
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.anyValue(), OKActions: Match.anyValue() });
});

const DAY = 86_400;
test('no message goes to the dead-letter queue before `maxDeliveryAge`, and every one gets there with days left of its 14', () => {
  fc.assert(fc.property(fc.integer({ min: 30, max: 900 }), fc.integer({ min: 60, max: 5 * DAY }), (timeout, maxAge) => {
    const visibility = visibilityTimeoutOf(Duration.seconds(timeout));
    const count = maxReceiveCountOf(Duration.seconds(maxAge), visibility);
    expect(visibility.toSeconds()).toBeGreaterThanOrEqual(Math.min(6 * timeout, 1800));
    expect(count).toBeLessThanOrEqual(1000);
    // The handler lets a message wait for 15 minutes at least, the queue for its visibility timeout.
    expect(count * Math.min(visibility.toSeconds(), 900)).toBeGreaterThan(maxAge);
    expect(count * visibility.toSeconds()).toBeLessThan(11 * DAY);
  }), { examples: [[30, 5 * DAY], [300, 5 * DAY], [900, 5 * DAY], [30, 60]] });
});

test('a short time-out: 10 minutes until the queue shows a message again, and receipts for all of `maxDeliveryAge`', () => {
  templateOf(givenOffer({ timeout: Duration.seconds(30) })).hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 600, RedrivePolicy: { maxReceiveCount: 452 },
  });
});

test('an age below two hours: half of it alarms', () => {
  templateOf(givenOffer({ maxDeliveryAge: Duration.minutes(30) })).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'RetriedAge', Threshold: 900_000 });
});

test('two in one stack', () => {
  const stack = givenStack();
  givenOffer({}, stack, 'One');
  expect(() => templateOf(givenOffer({}, stack, 'Two'))).not.toThrow();
});

const offerOf = (offer: object) => ({ offer: { offerId: 'x', ...offer } });
test.each<[string, Partial<OfferCustomChannelProps>, string]>([
  ['an empty offer id', offerOf({ offerId: '' }), "`offer.offerId` must have 1 to 128 characters, got: ''; write it shorter, or leave it out"],
  ['a long offer id', offerOf({ offerId: 'x'.repeat(129) }), '`offer.offerId` must have 1 to 128 characters'],
  ['a long name', offerOf({ name: 'x'.repeat(1025) }), '`offer.name` must have 1 to 1024 characters'],
  ['an attribute of ours', offerOf({ attributes: { id: 'x' } }), '`offer.attributes` must have none of the names id, name'],
  ['an attribute with a dot', offerOf({ attributes: { 'a.b': 'x' } }), '`offer.attributes` must have names of letters, digits and underscores'],
  ['an attribute name of 51 characters', offerOf({ attributes: { [`a${'b'.repeat(50)}`]: 'x' } }), 'at most 50 characters'],
  ['an empty attribute', offerOf({ attributes: { a: '' } }), '`offer.attributes.a` must have 1 to 1024 characters'],
  ['two ends', offerOf({ validUntil: new Date(), validFor: Duration.days(1) }), '`offer.validUntil` and `offer.validFor` exclude each other'],
  ['an end before the beginning', offerOf({ validFrom: new Date(1), validUntil: new Date(1) }), '`offer.validUntil` must be later than `offer.validFrom`'],
  ['a beginning that is no date', offerOf({ validFrom: new Date('soon') }), '`offer.validFrom` must be a date, got: \'an invalid Date\''],
  ['an end that is no date', offerOf({ validFrom: new Date(1), validUntil: new Date(NaN) }), '`offer.validUntil` must be a date'],
  ['no time at all', offerOf({ validFor: Duration.seconds(0) }), '`offer.validFor` must be whole seconds'],
  ['a data field of ours', { dataFields: ['assignment_id'] }, '`dataFields` must have none of the names'],
  ['a data field twice', { dataFields: ['store', 'store'] }, '`dataFields` must name each field once'],
  ['no event name', { eventName: '' }, '`eventName` must have 1 to 100 characters'],
  ['too short an age', { maxDeliveryAge: Duration.seconds(59) }, '`maxDeliveryAge` must be whole seconds from 1 minute to 5 days'],
  ['too long an age', { maxDeliveryAge: Duration.seconds(432_001) }, '`maxDeliveryAge` must be whole seconds'],
  ['a prefix of Lambda', { deadLetterPrefix: 'aws/lambda' }, '`deadLetterPrefix` must be names'],
  ['a short time-out', { timeout: Duration.seconds(29) }, '`timeout` must be whole seconds'],
])('fails with %s', (_, props, message) => {
  expect(() => givenOffer(props)).toThrow(message);
});

test('fails with attributes that the environment has no room for', () => {
  const attributes = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`a${index}`, 'x'.repeat(1024)]));
  expect(() => givenOffer(offerOf({ attributes }))).toThrow('write fewer or shorter `offer.attributes`');
});

test('the destination may be a stream, a bus or a function: the delivery alone may use it', () => {
  const stack = givenStack();
  const offer = givenOffer({ destination: CdpDestination.http({ url: 'https://cdp.example.com', signingSecret: givenWriteKey(stack) }) }, stack);
  expect(statementsOf(templateOf(offer), '<OfferChannelRole>').flatMap(({ Action }) => Action)).not.toContain('secretsmanager:GetSecretValue');
});
