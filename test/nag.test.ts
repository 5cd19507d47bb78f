import { Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, NagPackSuppression, NagSuppressions } from 'cdk-nag';
import { CdpEndpointSync, PinpointEndpointWrites, EndpointTarget } from '../src';
import { APPLICATION_ID, givenStack, givenSync } from './support/synth';

const NO_ACCESS_LOG = {
  id: 'AwsSolutions-S1',
  reason: 'Only our own functions use the bucket of dead letters; who wants its access logged brings a bucket of their own',
};
const OWN_KEY = { id: 'AwsSolutions-KDS3', reason: 'The key was brought on purpose; the rule only reminds of what a customer managed key costs' };
const LETTERS = /\/(redriven\/)?(dead-letters\/[\w-]+|letters)\/\*$/.source;

/** Wildcards that the handler can't do without: each names exactly what it stands for. */
const HANDLER = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any user of one application, any dead letter below our prefix, any batch that Lambda gives up, whose prefix Lambda chooses',
  appliesTo: [
    { regex: `/^Resource::arn:.*:mobiletargeting:.*:apps\\/${APPLICATION_ID}\\/users\\/\\*$/` },
    { regex: `/${LETTERS}/` },
    { regex: '/\\/aws\\/lambda\\/\\*$/' },
  ],
};
const REDRIVE = {
  id: 'AwsSolutions-IAM5',
  reason: 'Any dead letter below the prefixes of this construct, and the same below redriven/',
  appliesTo: [{ regex: `/${LETTERS}/` }, { regex: '/(redriven\\/)?aws\\/lambda\\/<SyncEventSource[0-9A-F]{8}>\\/\\*$/' }],
};
const NETWORK = { id: 'AwsSolutions-IAM5', reason: "Lambda's own network actions can't be limited to a resource", appliesTo: ['Resource::*'] };

function findings(sync: CdpEndpointSync): unknown[] {
  const stack = Stack.of(sync);
  Aspects.of(stack).add(new AwsSolutionsChecks({ verbose: true }));
  const found = [
    ...Annotations.fromStack(stack).findError('*', Match.stringLikeRegexp('AwsSolutions-.*')),
    ...Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('(AwsSolutions|CdkNag)')),
  ];
  return found.map(({ id, entry }) => `${id}: ${String(entry.data).split('\n')[0]}`);
}

function suppress(sync: CdpEndpointSync, id: string, ...suppressions: NagPackSuppression[]): void {
  NagSuppressions.addResourceSuppressions(sync.node.findChild(id), suppressions, true);
}

test('in the default form', () => {
  const sync = givenSync();
  suppress(sync, 'DeadLetters', NO_ACCESS_LOG);
  suppress(sync, 'HandlerRole', HANDLER);
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

test('the checks would find something', () => {
  expect(findings(givenSync())).toEqual(expect.arrayContaining([
    expect.stringContaining('AwsSolutions-S1'), expect.stringContaining('AwsSolutions-IAM5'),
  ]));
});
