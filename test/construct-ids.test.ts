import { CfnElement } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { givenStack, givenSync } from './support/synth';

/** Ids are part of the API: another one makes CloudFormation replace the resource. A change here belongs into UPGRADING.md. */
const ALARMS = {
  'Stack/Sync/AbandonedRecordsAlarm/Resource': 'SyncAbandonedRecordsAlarm17429D87',
  'Stack/Sync/DeadLettersAlarm/Resource': 'SyncDeadLettersAlarm04C6A9EC',
  'Stack/Sync/ErrorsAlarm/Resource': 'SyncErrorsAlarm672BB4B6',
  'Stack/Sync/IteratorAgeAlarm/Resource': 'SyncIteratorAgeAlarmE0AFE023',
  'Stack/Sync/LostRecordsAlarm/Resource': 'SyncLostRecordsAlarm291640F8',
  'Stack/Sync/ThrottledRequestsAlarm/Resource': 'SyncThrottledRequestsAlarm95567D71',
  'Stack/Sync/ThrottlesAlarm/Resource': 'SyncThrottlesAlarm47EE3506',
};

const FUNCTIONS = {
  'Stack/Sync/EventSource/Resource': 'SyncEventSourceC4A35A44',
  'Stack/Sync/Handler/Resource': 'SyncHandler9F68AF59',
  'Stack/Sync/HandlerLogs/Resource': 'SyncHandlerLogs50D27B22',
  'Stack/Sync/HandlerRole/DefaultPolicy/Resource': 'SyncHandlerRoleDefaultPolicyFF79DE84',
  'Stack/Sync/HandlerRole/Resource': 'SyncHandlerRole5A6EB569',
  'Stack/Sync/Redrive/Resource': 'SyncRedriveC62950F3',
  'Stack/Sync/RedriveLogs/Resource': 'SyncRedriveLogsE9F43EF1',
  'Stack/Sync/RedriveRole/DefaultPolicy/Resource': 'SyncRedriveRoleDefaultPolicyF1B63C84',
  'Stack/Sync/RedriveRole/Resource': 'SyncRedriveRole7DA21F99',
};

const OWNED = {
  'Stack/Sync/DeadLetters/Policy/Resource': 'SyncDeadLettersPolicy4F806753',
  'Stack/Sync/DeadLetters/Resource': 'SyncDeadLettersED73839C',
  'Stack/Sync/Stream/Resource': 'SyncStreamAB3781E5',
};

function idsOf(sync: ReturnType<typeof givenSync>): Record<string, string> {
  const elements = sync.node.findAll().filter((construct) => CfnElement.isCfnElement(construct)) as CfnElement[];
  return Object.fromEntries(elements.map((element) => [element.node.path, element.stack.resolve(element.logicalId)]));
}

test('with the required props only', () => {
  expect(idsOf(givenSync())).toEqual({ ...ALARMS, ...FUNCTIONS, ...OWNED });
});

test('an ingest role', () => {
  const sync = givenSync();
  sync.addIngestRole('Segment', { account: '595280932656', externalId: 'abc' });
  expect(idsOf(sync)).toMatchObject({
    'Stack/Sync/Segment/Resource': 'SyncSegmentD6DE4592', 'Stack/Sync/Segment/DefaultPolicy/Resource': 'SyncSegmentDefaultPolicyF7565EF9',
  });
});

test('a key changes no id', () => {
  const stack = givenStack();
  expect(idsOf(givenSync({ encryptionKey: new kms.Key(stack, 'Key') }, stack))).toEqual({ ...ALARMS, ...FUNCTIONS, ...OWNED });
});

test('a brought stream changes no id of the rest', () => {
  const stack = givenStack();
  const { stream, deadLetterBucket } = givenSync({}, stack, 'Other');
  expect(idsOf(givenSync({ stream, deadLetterBucket }, stack))).toEqual({ ...ALARMS, ...FUNCTIONS });
});
