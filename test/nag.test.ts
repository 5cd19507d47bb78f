import { Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, NagPackSuppression, NagSuppressions } from 'cdk-nag';
import { Construct } from 'constructs';
import { EndpointTarget, EngagementEventType, EngagementSource, OfferCaller, PinpointEndpointWrites, SegmentTarget } from '../src';
import { APPLICATION_ID, givenFeedback, givenImporter, givenOffer, givenStack, givenSync, givenWebhook, givenWriteKey, INSTANCE_ARN } from './support/synth';

const NO_ACCESS_LOG = {
  id: 'AwsSolutions-S1',
  reason: 'Only our own functions use the bucket of dead letters; who wants its access logged brings a bucket of their own',
};
const OWN_KEY = { id: 'AwsSolutions-KDS3', reason: 'The key was brought on purpose; the rule only reminds of what a customer managed key costs' };
const LETTERS = /\/(redriven\/)?(dead-letters\/[\w-]+|letters)\/\*$/.source;

/** Wildcards that the handler can't do without: each names exactly what it stands for. */
const HANDLER = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any user or endpoint of one application, any dead letter below our prefix, any batch that Lambda gives up, whose prefix Lambda chooses',
  appliesTo: [
    { regex: `/^Resource::arn:.*:mobiletargeting:.*:apps\\/${APPLICATION_ID}\\/(users|endpoints)\\/\\*$/` },
    { regex: `/${LETTERS}/` },
    { regex: '/\\/aws\\/lambda\\/\\*$/' },
  ],
};
const REDRIVE = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any dead letter below the prefixes of this construct, and the same below redriven/',
  appliesTo: [{ regex: `/${LETTERS}/` }, { regex: '/(redriven\\/)?aws\\/lambda\\/<(Sync|Feedback)EventSource[0-9A-F]{8}>\\/\\*$/' }],
};
const LETTERS_ONLY = { id: 'AwsSolutions-IAM5', reason: 'Any dead letter below the prefix of this construct', appliesTo: [{ regex: `/${LETTERS}/` }] };
const NETWORK = { id: 'AwsSolutions-IAM5', reason: "Lambda's own network actions can't be limited to a resource", appliesTo: ['Resource::*'] };

function findings(construct: Construct): unknown[] {
  const stack = Stack.of(construct);
  Aspects.of(stack).add(new AwsSolutionsChecks({ verbose: true }));
  const found = [
    ...Annotations.fromStack(stack).findError('*', Match.stringLikeRegexp('AwsSolutions-.*')),
    ...Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('(AwsSolutions|CdkNag)')),
  ];
  return found.map(({ id, entry }) => `${id}: ${String(entry.data).split('\n')[0]}`);
}

function suppress(construct: Construct, id: string, ...suppressions: NagPackSuppression[]): void {
  NagSuppressions.addResourceSuppressions(construct.node.findChild(id), suppressions, true);
}

test('in the default form', () => {
  const sync = givenSync();
  suppress(sync, 'DeadLetters', NO_ACCESS_LOG);
  suppress(sync, 'HandlerRole', HANDLER);
  suppress(sync, 'RedriveRole', REDRIVE);
  expect(findings(sync)).toEqual([]);
});

test('with Customer Profiles: nothing of the target needs a wildcard', () => {
  const sync = givenSync({ target: EndpointTarget.customerProfiles({ domainName: 'amazon-connect-shop' }) });
  suppress(sync, 'DeadLetters', NO_ACCESS_LOG);
  suppress(sync, 'HandlerRole', { ...HANDLER, appliesTo: HANDLER.appliesTo.slice(1) });
  suppress(sync, 'RedriveRole', REDRIVE);
  expect(findings(sync)).toEqual([]);
});

test('in the maximal form', () => {
  const stack = givenStack();
  const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  vpc.addFlowLog('Flow');
  const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: encryptionKey, enforceSSL: true });
  const sync = givenSync({
    target: EndpointTarget.pinpoint({ applicationId: APPLICATION_ID, endpointWrites: PinpointEndpointWrites.EVENTS }),
    encryptionKey,
    vpc,
    alarmTopic,
    deadLetterPrefix: 'letters',
    shardCount: 2,
    parallelizationFactor: 2,
    streamRetention: Duration.days(7),
  }, stack);
  sync.addIngestRole('Cdp', { account: '595280932656', externalId: 'abc' });
  suppress(sync, 'DeadLetters', NO_ACCESS_LOG);
  suppress(sync, 'HandlerRole', HANDLER, NETWORK);
  suppress(sync, 'RedriveRole', REDRIVE, NETWORK);
  suppress(sync, 'Stream', OWN_KEY);
  expect(findings(sync)).toEqual([]);
});

const ITSELF = [
  { id: 'AwsSolutions-APIG4', reason: 'Requests are authenticated by the function, on the bytes of the body, which an authorizer does not get' },
  { id: 'AwsSolutions-COG4', reason: 'The caller is a CDP, not a user of a pool' },
  { id: 'AwsSolutions-APIG2', reason: 'Bodies are checked by the function, byte for byte; a model would refuse gzip' },
  { id: 'AwsSolutions-APIG6', reason: 'Execution logs may hold parts of requests; the access logs and our own logs do not' },
];
const NO_WEB_ACL = { id: 'AwsSolutions-APIG3', reason: 'A web ACL is the user\'s choice' };

test('a webhook', () => {
  const sync = givenSync();
  NagSuppressions.addResourceSuppressions(givenWriteKey(Stack.of(sync)), [{ id: 'AwsSolutions-SMG4', reason: 'The CDP has to be told the new one' }]);
  suppress(sync, 'DeadLetters', NO_ACCESS_LOG);
  suppress(sync, 'HandlerRole', HANDLER);
  suppress(sync, 'RedriveRole', REDRIVE);
  suppress(givenWebhook({}, sync), 'Api', ...ITSELF, NO_WEB_ACL);
  expect(findings(sync)).toEqual([]);
});

const ARCHIVE = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any object below the prefix of this construct',
  appliesTo: [{ regex: /^Resource::<(FeedbackArchive[0-9A-F]{8}).Arn>\/archive\/Stack-Feedback-[0-9A-F]{8}(-errors)?\/\*$/.toString() }],
};
const FROM_A_STREAM = {
  id: 'AwsSolutions-KDF1', reason: 'A delivery stream that reads a Kinesis stream takes no encryption of its own: it is that of the stream',
};
const ROTATION = { id: 'AwsSolutions-SMG4', reason: 'Only the CDP can make another write key' };

test('EngagementStreamToCdp in the default form', () => {
  const feedback = givenFeedback();
  NagSuppressions.addResourceSuppressions(givenWriteKey(Stack.of(feedback)), [ROTATION]);
  suppress(feedback, 'DeadLetters', NO_ACCESS_LOG);
  suppress(feedback, 'HandlerRole', HANDLER);
  suppress(feedback, 'RedriveRole', REDRIVE);
  expect(findings(feedback)).toEqual([]);
});

test('EngagementStreamToCdp in the maximal form', () => {
  const stack = givenStack();
  const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  vpc.addFlowLog('Flow');
  const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: encryptionKey, enforceSSL: true });
  const feedback = givenFeedback({
    source: EngagementSource.pinpoint({ applicationId: APPLICATION_ID, lookUpEndpoints: true }),
    events: [EngagementEventType.EMAIL_HARD_BOUNCE],
    archive: {},
    encryptionKey,
    vpc,
    alarmTopic,
    deadLetterPrefix: 'letters',
    shardCount: 2,
  }, stack);
  NagSuppressions.addResourceSuppressions(givenWriteKey(stack), [ROTATION]);
  suppress(feedback, 'DeadLetters', NO_ACCESS_LOG);
  suppress(feedback, 'Archive', NO_ACCESS_LOG);
  suppress(feedback, 'HandlerRole', HANDLER, NETWORK);
  suppress(feedback, 'RedriveRole', REDRIVE, NETWORK);
  suppress(feedback, 'ArchiveRole', ARCHIVE);
  suppress(feedback, 'ArchiveDelivery', FROM_A_STREAM);
  suppress(feedback, 'Stream', OWN_KEY);
  expect(findings(feedback)).toEqual([]);
});

const UNDELIVERED = { id: 'AwsSolutions-SQS3', reason: 'It is a dead-letter queue' };

describe.each([true, false])('EngagementStreamToCdp on the services that live on, encrypted: %s', (encrypted) => {
  test.each<[string, (stack: Stack) => EngagementSource]>([
    ['Amazon SES', (stack) => EngagementSource.ses({ configurationSet: ses.ConfigurationSet.fromConfigurationSetName(stack, 'Set', 'newsletter') })],
    ['AWS End User Messaging SMS', () => EngagementSource.sms()],
    ['Amazon Connect Customer Profiles', () => EngagementSource.customerProfiles({ domainName: 'amazon-connect-shop' })],
  ])('%s', (_, source) => {
    const stack = givenStack();
    const encryptionKey = encrypted ? new kms.Key(stack, 'Key', { enableKeyRotation: true }) : undefined;
    const feedback = givenFeedback({ source: source(stack), encryptionKey }, stack);
    NagSuppressions.addResourceSuppressions(givenWriteKey(stack), [ROTATION]);
    suppress(feedback, 'DeadLetters', NO_ACCESS_LOG);
    suppress(feedback, 'HandlerRole', HANDLER);
    suppress(feedback, 'RedriveRole', REDRIVE);
    if (feedback.undeliveredQueue) suppress(feedback, 'Undelivered', UNDELIVERED);
    if (encrypted) suppress(feedback, 'Stream', OWN_KEY);
    expect(findings(feedback)).toEqual([]);
  });
});

test('OfferCustomChannel for journeys of Amazon Connect', () => {
  const offer = givenOffer({ caller: OfferCaller.connectJourney({ instanceArn: INSTANCE_ARN }) });
  NagSuppressions.addResourceSuppressions(givenWriteKey(Stack.of(offer)), [ROTATION]);
  suppress(offer, 'DeadLetters', NO_ACCESS_LOG);
  for (const role of ['ChannelRole', 'DeliveryRole', 'RedriveRole']) suppress(offer, role, LETTERS_ONLY);
  expect(findings(offer)).toEqual([]);
});

test('OfferCustomChannel in the default form', () => {
  const offer = givenOffer();
  NagSuppressions.addResourceSuppressions(givenWriteKey(Stack.of(offer)), [ROTATION]);
  suppress(offer, 'DeadLetters', NO_ACCESS_LOG);
  for (const role of ['ChannelRole', 'DeliveryRole', 'RedriveRole']) suppress(offer, role, LETTERS_ONLY);
  expect(findings(offer)).toEqual([]);
});

test('OfferCustomChannel in the maximal form', () => {
  const stack = givenStack();
  const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  vpc.addFlowLog('Flow');
  const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: encryptionKey, enforceSSL: true });
  const offer = givenOffer({
    encryptionKey,
    vpc,
    alarmTopic,
    deadLetterPrefix: 'letters',
    dataFields: ['store'],
    offer: { offerId: '20_OFF', name: 'n', discount: 'd', attributes: { store: 's' }, validFor: Duration.days(1) },
  }, stack);
  NagSuppressions.addResourceSuppressions(givenWriteKey(stack), [ROTATION]);
  suppress(offer, 'DeadLetters', NO_ACCESS_LOG);
  for (const role of ['ChannelRole', 'DeliveryRole', 'RedriveRole']) suppress(offer, role, LETTERS_ONLY, NETWORK);
  expect(findings(offer)).toEqual([]);
});

const NO_TRACE = { id: 'AwsSolutions-SF2', reason: 'The history of an execution shows each step with its times; X-Ray would add no more than its price' };
const WORKFLOW = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any version of our two functions, any job of one application, and the delivery of logs, which can not be limited to a resource',
  appliesTo: [
    { regex: '/^Resource::<Lists(Prepare|Control|Members)[0-9A-F]{8}.Arn>:\\*$/' }, { regex: `/apps\\/${APPLICATION_ID}\\/jobs\\/import\\/\\*$/` }, 'Resource::*',
  ],
};
const LISTS = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any list below the prefix, and any object of one area of our own',
  appliesTo: [{ regex: '/^Resource::<ListsBucket[0-9A-F]{8}.Arn>\\/(segments|cdp-segment-importer\\/Stack-Lists-[0-9A-F]{8}\\/(prepared|rejects|reports|state\\/\\w+))\\/\\*$/' }],
};

test('CdpSegmentImporter in the default form', () => {
  const importer = givenImporter();
  suppress(importer, 'Bucket', NO_ACCESS_LOG);
  suppress(importer, 'PrepareRole', LISTS);
  suppress(importer, 'ControlRole', LISTS);
  suppress(importer, 'ImportRole', LISTS);
  suppress(importer, 'StateMachineRole', WORKFLOW);
  suppress(importer, 'StateMachine', NO_TRACE);
  suppress(importer, 'Undelivered', UNDELIVERED);
  expect(findings(importer)).toEqual([]);
});

test('CdpSegmentImporter on Customer Profiles', () => {
  const importer = givenImporter({ target: SegmentTarget.customerProfiles({ domainName: 'amazon-connect-shop', segments: ['VIP'] }) });
  suppress(importer, 'Bucket', NO_ACCESS_LOG);
  for (const role of ['PrepareRole', 'ControlRole', 'MembersRole']) suppress(importer, role, LISTS);
  suppress(importer, 'StateMachineRole', WORKFLOW);
  suppress(importer, 'StateMachine', NO_TRACE);
  suppress(importer, 'Undelivered', UNDELIVERED);
  expect(findings(importer)).toEqual([]);
});

test('CdpSegmentImporter in the maximal form', () => {
  const stack = givenStack();
  const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
  const vpc = new ec2.Vpc(stack, 'Vpc');
  vpc.addFlowLog('Flow');
  const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: encryptionKey, enforceSSL: true });
  const importer = givenImporter({
    encryptionKey, vpc, alarmTopic, exportMarker: '_SUCCESS', columns: { email: 'Address' }, maxConcurrentJobs: 10, jobTimeout: Duration.hours(24),
  }, stack);
  importer.addUploadRole('Cdp', { account: '595280932656', externalId: 'abc' });
  suppress(importer, 'Bucket', NO_ACCESS_LOG);
  suppress(importer, 'PrepareRole', LISTS, NETWORK);
  suppress(importer, 'ControlRole', LISTS, NETWORK);
  suppress(importer, 'ImportRole', LISTS);
  suppress(importer, 'Cdp', LISTS);
  suppress(importer, 'StateMachineRole', WORKFLOW);
  suppress(importer, 'StateMachine', NO_TRACE);
  suppress(importer, 'Undelivered', UNDELIVERED);
  expect(findings(importer)).toEqual([]);
});

test('the checks would find something', () => {
  expect(findings(givenSync())).toEqual(expect.arrayContaining([
    expect.stringContaining('AwsSolutions-S1'), expect.stringContaining('AwsSolutions-IAM5'),
  ]));
});
