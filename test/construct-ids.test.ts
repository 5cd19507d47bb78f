import { CfnElement } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { EndpointTarget, EngagementSource } from '../src';
import { APPLICATION_ID, givenFeedback, givenImporter, givenOffer, givenStack, givenSync, givenWebhook } from './support/synth';

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

const WEBHOOK = {
  'Stack/Sync/Webhook/AccessLogs/Resource': 'SyncWebhookAccessLogs2999D753',
  'Stack/Sync/Webhook/Api/DEFAULT_5XX/Resource': 'SyncWebhookApiDEFAULT5XX2C170EBF',
  'Stack/Sync/Webhook/Api/Default/webhook/POST/Resource': 'SyncWebhookApiwebhookPOST04B6A866',
  'Stack/Sync/Webhook/Api/Default/webhook/Resource': 'SyncWebhookApiwebhookD4E8E577',
  'Stack/Sync/Webhook/Api/DeploymentStage.v1/Resource': 'SyncWebhookApiDeploymentStagev134BCA8F0',
  'Stack/Sync/Webhook/Api/InvokePOSTwebhook': 'SyncWebhookApiInvokePOSTwebhookCB553600',
  'Stack/Sync/Webhook/Api/MISSING_AUTHENTICATION_TOKEN/Resource': 'SyncWebhookApiMISSINGAUTHENTICATIONTOKEN834BFC1B',
  'Stack/Sync/Webhook/Api/Resource': 'SyncWebhookApiCFC8A4FD',
  'Stack/Sync/Webhook/Api/THROTTLED/Resource': 'SyncWebhookApiTHROTTLED8D114616',
  'Stack/Sync/Webhook/ErrorsAlarm/Resource': 'SyncWebhookErrorsAlarmA4BA96A0',
  'Stack/Sync/Webhook/FailedRequestsAlarm/Resource': 'SyncWebhookFailedRequestsAlarm58B40CC6',
  'Stack/Sync/Webhook/Handler/Resource': 'SyncWebhookHandler97F9F5C9',
  'Stack/Sync/Webhook/HandlerLogs/Resource': 'SyncWebhookHandlerLogs0529A933',
  'Stack/Sync/Webhook/HandlerRole/DefaultPolicy/Resource': 'SyncWebhookHandlerRoleDefaultPolicyCF023820',
  'Stack/Sync/Webhook/HandlerRole/Resource': 'SyncWebhookHandlerRoleBAF7F66F',
  'Stack/Sync/Webhook/RefusedRequestsAlarm/Resource': 'SyncWebhookRefusedRequestsAlarm4CC0AA72',
  'Stack/Sync/Webhook/ThrottlesAlarm/Resource': 'SyncWebhookThrottlesAlarmEEE34870',
};

function idsOf(construct: Construct): Record<string, string> {
  const elements = construct.node.findAll().filter((child) => CfnElement.isCfnElement(child)) as CfnElement[];
  return Object.fromEntries(elements.map((element) => [element.node.path, element.stack.resolve(element.logicalId)]));
}

test('with the required props only', () => {
  expect(idsOf(givenSync())).toEqual({ ...ALARMS, ...FUNCTIONS, ...OWNED });
});

test('object types of Customer Profiles, whose ids follow from their names alone', () => {
  const types = {
    'Stack/Sync/ObjectType-CdpUser': 'SyncObjectTypeCdpUserC4580ACE', 'Stack/Sync/ObjectType-Deed': 'SyncObjectTypeDeed4ADD82B2',
  };
  const profiles = EndpointTarget.customerProfiles({ domainName: 'amazon-connect-shop', eventObjectTypeName: 'Deed' });
  expect(idsOf(givenSync({ target: profiles }))).toEqual({ ...ALARMS, ...FUNCTIONS, ...OWNED, ...types });
});

test('an ingest role', () => {
  const sync = givenSync();
  sync.addIngestRole('Segment', { account: '595280932656', externalId: 'abc' });
  expect(idsOf(sync)).toMatchObject({
    'Stack/Sync/Segment/Resource': 'SyncSegmentD6DE4592', 'Stack/Sync/Segment/DefaultPolicy/Resource': 'SyncSegmentDefaultPolicyF7565EF9',
  });
});

test('a webhook changes no id of the rest; its own', () => {
  const sync = givenSync();
  givenWebhook({}, sync);
  const { [Object.keys(idsOf(sync)).find((path) => path.includes('/Deployment/'))!]: deployment, ...ids } = idsOf(sync);
  expect(deployment).toMatch(/^SyncWebhookApiDeployment[0-9A-F]{8}[0-9a-f]{32}$/); // by its content, as the CDK has it
  expect(ids).toEqual({ ...ALARMS, ...FUNCTIONS, ...OWNED, ...WEBHOOK });
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

describe('EngagementStreamToCdp', () => {
  const FEEDBACK = {
    'Stack/Feedback/AbandonedRecordsAlarm/Resource': 'FeedbackAbandonedRecordsAlarmEDBCA772',
    'Stack/Feedback/DeadLettersAlarm/Resource': 'FeedbackDeadLettersAlarm4AF82551',
    'Stack/Feedback/ErrorsAlarm/Resource': 'FeedbackErrorsAlarm692D5817',
    'Stack/Feedback/EventSource/Resource': 'FeedbackEventSourceD256AFCC',
    'Stack/Feedback/FailedRequestsAlarm/Resource': 'FeedbackFailedRequestsAlarm1A51098F',
    'Stack/Feedback/Handler/Resource': 'FeedbackHandlerD8F4C302',
    'Stack/Feedback/HandlerLogs/Resource': 'FeedbackHandlerLogsE49D70E3',
    'Stack/Feedback/HandlerRole/DefaultPolicy/Resource': 'FeedbackHandlerRoleDefaultPolicy8943FCE6',
    'Stack/Feedback/HandlerRole/Resource': 'FeedbackHandlerRole622DD1A8',
    'Stack/Feedback/IteratorAgeAlarm/Resource': 'FeedbackIteratorAgeAlarm935839B3',
    'Stack/Feedback/LostRecordsAlarm/Resource': 'FeedbackLostRecordsAlarmBE3C3504',
    'Stack/Feedback/Redrive/Resource': 'FeedbackRedrive5074C6D4',
    'Stack/Feedback/RedriveLogs/Resource': 'FeedbackRedriveLogsF74714BC',
    'Stack/Feedback/RedriveRole/DefaultPolicy/Resource': 'FeedbackRedriveRoleDefaultPolicy496D2FE4',
    'Stack/Feedback/RedriveRole/Resource': 'FeedbackRedriveRoleA24FE4FB',
    'Stack/Feedback/ThrottledRequestsAlarm/Resource': 'FeedbackThrottledRequestsAlarmFEB5139B',
    'Stack/Feedback/ThrottlesAlarm/Resource': 'FeedbackThrottlesAlarmE397F9FA',
  };
  const EVENT_STREAM = {
    'Stack/Feedback/EventStream': 'FeedbackEventStreamEF146786',
    'Stack/Feedback/EventStreamRole/DefaultPolicy/Resource': 'FeedbackEventStreamRoleDefaultPolicy7FDB20A1',
    'Stack/Feedback/EventStreamRole/Resource': 'FeedbackEventStreamRole855DA1C3',
  };
  const FEEDBACK_OWNED = {
    'Stack/Feedback/DeadLetters/Policy/Resource': 'FeedbackDeadLettersPolicyB4204C3F',
    'Stack/Feedback/DeadLetters/Resource': 'FeedbackDeadLetters7082FC46',
    'Stack/Feedback/Stream/Resource': 'FeedbackStreamBA4DB6E6',
  };
  const ARCHIVE = {
    'Stack/Feedback/ArchiveAgeAlarm/Resource': 'FeedbackArchiveAgeAlarm16463D03',
    'Stack/Feedback/ArchiveDelivery': 'FeedbackArchiveDelivery9A103E84',
    'Stack/Feedback/ArchiveLogStream/Resource': 'FeedbackArchiveLogStreamE6280249',
    'Stack/Feedback/ArchiveLogs/Resource': 'FeedbackArchiveLogsA613C6CF',
    'Stack/Feedback/ArchiveRole/DefaultPolicy/Resource': 'FeedbackArchiveRoleDefaultPolicyD39A9C15',
    'Stack/Feedback/ArchiveRole/Resource': 'FeedbackArchiveRole62BF2A19',
  };
  const ARCHIVE_BUCKET = {
    'Stack/Feedback/Archive/Policy/Resource': 'FeedbackArchivePolicyCBF7959E',
    'Stack/Feedback/Archive/Resource': 'FeedbackArchiveCFB3BA9E',
  };

  test('with the required props only', () => {
    expect(idsOf(givenFeedback())).toEqual({ ...FEEDBACK, ...EVENT_STREAM, ...FEEDBACK_OWNED });
  });

  test('an archive, and a key, which changes no id', () => {
    const stack = givenStack();
    const ids = idsOf(givenFeedback({ archive: {}, encryptionKey: new kms.Key(stack, 'Key') }, stack));
    expect(ids).toEqual({ ...FEEDBACK, ...EVENT_STREAM, ...FEEDBACK_OWNED, ...ARCHIVE, ...ARCHIVE_BUCKET });
  });

  test('Customer Profiles, with a key, which changes no id', () => {
    for (const encrypted of [false, true]) {
      const stack = givenStack();
      const encryptionKey = encrypted ? new kms.Key(stack, 'Key') : undefined;
      const source = EngagementSource.customerProfiles({ domainName: 'amazon-connect-shop' });
      expect(idsOf(givenFeedback({ source, encryptionKey }, stack))).toEqual({
        ...FEEDBACK, ...FEEDBACK_OWNED, 'Stack/Feedback/ProfileEventStream': 'FeedbackProfileEventStream8285EC05',
      });
    }
  });

  test('the other sources', () => {
    const stack = givenStack();
    const configurationSet = ses.ConfigurationSet.fromConfigurationSetName(stack, 'Set', 'newsletter');
    const undelivered = {
      'Stack/Feedback/Undelivered/Policy/Resource': 'FeedbackUndeliveredPolicyFC03AC5E',
      'Stack/Feedback/Undelivered/Resource': 'FeedbackUndeliveredEE6C82D5',
      'Stack/Feedback/UndeliveredEventsAlarm/Resource': 'FeedbackUndeliveredEventsAlarmF8C3C306',
    };
    expect(idsOf(givenFeedback({ source: EngagementSource.ses({ configurationSet }) }, stack))).toEqual({
      ...FEEDBACK,
      ...FEEDBACK_OWNED,
      ...undelivered,
      'Stack/Feedback/EventDestination': 'FeedbackEventDestination699C560B',
      'Stack/Feedback/Rule/Resource': 'FeedbackRuleBB1C78D7',
      'Stack/Feedback/RuleRole/DefaultPolicy/Resource': 'FeedbackRuleRoleDefaultPolicy38B06D48',
      'Stack/Feedback/RuleRole/Resource': 'FeedbackRuleRole6E55E0A6',
    });
    expect(idsOf(givenFeedback({ source: EngagementSource.sms() }))).toEqual({
      ...FEEDBACK,
      ...FEEDBACK_OWNED,
      ...undelivered,
      'Stack/Feedback/ConfigurationSet': 'FeedbackConfigurationSet99BF2942',
      'Stack/Feedback/Pipe': 'FeedbackPipeC34F2EE3',
      'Stack/Feedback/PipeRole/DefaultPolicy/Resource': 'FeedbackPipeRoleDefaultPolicy1F02091A',
      'Stack/Feedback/PipeRole/Resource': 'FeedbackPipeRole8CAA923B',
      'Stack/Feedback/SmsConfigurationSetName': 'FeedbackSmsConfigurationSetName4AE84485',
      'Stack/Feedback/SmsEvents/Policy/Resource': 'FeedbackSmsEventsPolicy8D287DA0',
      'Stack/Feedback/SmsEvents/Resource': 'FeedbackSmsEvents7AFC5D72',
      'Stack/Feedback/Subscription/Resource': 'FeedbackSubscriptionF85B0967',
      'Stack/Feedback/Topic/Policy/Resource': 'FeedbackTopicPolicy6BAABEF4',
      'Stack/Feedback/Topic/Resource': 'FeedbackTopicFD9F9738',
    });
  });

  test('brought resources change no id of the rest', () => {
    const stack = givenStack();
    const { stream, deadLetterBucket } = givenFeedback({}, stack, 'Other');
    const source = EngagementSource.pinpoint({ applicationId: APPLICATION_ID, existingEventStream: true });
    const props = { source, stream, deadLetterBucket, archive: { bucket: deadLetterBucket } };
    expect(idsOf(givenFeedback(props, stack))).toEqual({ ...FEEDBACK, ...ARCHIVE });
  });
});

describe('OfferCustomChannel', () => {
  const IDS = {
    'Stack/Offer/Channel/Caller': 'OfferChannelCaller34F0F27F',
    'Stack/Offer/Channel/Resource': 'OfferChannelFDD198EE',
    'Stack/Offer/ChannelDurationAlarm/Resource': 'OfferChannelDurationAlarm3825D76B',
    'Stack/Offer/ChannelErrorsAlarm/Resource': 'OfferChannelErrorsAlarm592AD9B3',
    'Stack/Offer/ChannelFunctionArn': 'OfferChannelFunctionArnBCB4FD62',
    'Stack/Offer/ChannelFunctionName': 'OfferChannelFunctionNameBBBD4687',
    'Stack/Offer/ChannelLogs/Resource': 'OfferChannelLogsF54FBF62',
    'Stack/Offer/ChannelRole/DefaultPolicy/Resource': 'OfferChannelRoleDefaultPolicyC9D073A8',
    'Stack/Offer/ChannelRole/Resource': 'OfferChannelRoleAC3385B5',
    'Stack/Offer/ChannelThrottlesAlarm/Resource': 'OfferChannelThrottlesAlarm6D2FE510',
    'Stack/Offer/DeadLetterQueue/Policy/Resource': 'OfferDeadLetterQueuePolicy823029B5',
    'Stack/Offer/DeadLetterQueue/Resource': 'OfferDeadLetterQueue159CFE4F',
    'Stack/Offer/DeadLetterQueueAlarm/Resource': 'OfferDeadLetterQueueAlarm960B4596',
    'Stack/Offer/DeadLettersAlarm/Resource': 'OfferDeadLettersAlarm857B2451',
    'Stack/Offer/DeliveriesRefusedAlarm/Resource': 'OfferDeliveriesRefusedAlarm65F8910C',
    'Stack/Offer/Delivery/Resource': 'OfferDelivery28FECCF7',
    'Stack/Offer/DeliveryErrorsAlarm/Resource': 'OfferDeliveryErrorsAlarm6DACB043',
    'Stack/Offer/DeliveryLogs/Resource': 'OfferDeliveryLogsE56BBDEA',
    'Stack/Offer/DeliveryRole/DefaultPolicy/Resource': 'OfferDeliveryRoleDefaultPolicy6698EC88',
    'Stack/Offer/DeliveryRole/Resource': 'OfferDeliveryRole304391BF',
    'Stack/Offer/DeliveryThrottlesAlarm/Resource': 'OfferDeliveryThrottlesAlarm1DC8BD61',
    'Stack/Offer/EventSource/Resource': 'OfferEventSourceE9AB5903',
    'Stack/Offer/FailedRequestsAlarm/Resource': 'OfferFailedRequestsAlarm4A41BB7A',
    'Stack/Offer/InFlightAlarm/Resource': 'OfferInFlightAlarm26E9B93D',
    'Stack/Offer/Queue/Policy/Resource': 'OfferQueuePolicyAA6A68CF',
    'Stack/Offer/Queue/Resource': 'OfferQueueB10CF53E',
    'Stack/Offer/QueueAgeAlarm/Resource': 'OfferQueueAgeAlarm0109595E',
    'Stack/Offer/Redrive/Resource': 'OfferRedrive60207E1C',
    'Stack/Offer/RedriveLogs/Resource': 'OfferRedriveLogsD541C81E',
    'Stack/Offer/RedriveRole/DefaultPolicy/Resource': 'OfferRedriveRoleDefaultPolicy2373572A',
    'Stack/Offer/RedriveRole/Resource': 'OfferRedriveRole6CCE4C2B',
    'Stack/Offer/RetriedAgeAlarm/Resource': 'OfferRetriedAgeAlarm9A2580F8',
    'Stack/Offer/ThrottledRequestsAlarm/Resource': 'OfferThrottledRequestsAlarm572B16FE',
  };
  const OFFER_OWNED = {
    'Stack/Offer/DeadLetters/Policy/Resource': 'OfferDeadLettersPolicyD6E416B3',
    'Stack/Offer/DeadLetters/Resource': 'OfferDeadLetters0C1F14FF',
  };

  test('with the required props only', () => {
    expect(idsOf(givenOffer())).toEqual({ ...IDS, ...OFFER_OWNED });
  });

  test('a key and a brought bucket change no id of the rest', () => {
    const stack = givenStack();
    const { deadLetterBucket } = givenOffer({}, stack, 'Other');
    expect(idsOf(givenOffer({ deadLetterBucket, encryptionKey: new kms.Key(stack, 'Key') }, stack))).toEqual(IDS);
  });
});

describe('CdpSegmentImporter', () => {
  const IMPORTER = {
    'Stack/Lists/AbandonedImportsAlarm/Resource': 'ListsAbandonedImportsAlarmD704A957',
    'Stack/Lists/Control/Resource': 'ListsControl04626043',
    'Stack/Lists/ControlLogs/Resource': 'ListsControlLogs6200FE9E',
    'Stack/Lists/ControlRole/DefaultPolicy/Resource': 'ListsControlRoleDefaultPolicy96C10D57',
    'Stack/Lists/ControlRole/Resource': 'ListsControlRole75CB10B0',
    'Stack/Lists/FailedImportsAlarm/Resource': 'ListsFailedImportsAlarm7AB427CB',
    'Stack/Lists/ImportRole/DefaultPolicy/Resource': 'ListsImportRoleDefaultPolicyDE10033F',
    'Stack/Lists/ImportRole/Resource': 'ListsImportRoleF431858F',
    'Stack/Lists/ImportsWithFailuresAlarm/Resource': 'ListsImportsWithFailuresAlarm8F84DDFF',
    'Stack/Lists/Prepare/Resource': 'ListsPrepareE2646ECA',
    'Stack/Lists/PrepareLogs/Resource': 'ListsPrepareLogs10F25F7A',
    'Stack/Lists/PrepareRole/DefaultPolicy/Resource': 'ListsPrepareRoleDefaultPolicy640EB254',
    'Stack/Lists/PrepareRole/Resource': 'ListsPrepareRole2A117E50',
    'Stack/Lists/Rule/Resource': 'ListsRule46091DD7',
    'Stack/Lists/RuleRole/DefaultPolicy/Resource': 'ListsRuleRoleDefaultPolicy47602BAD',
    'Stack/Lists/RuleRole/Resource': 'ListsRuleRoleC67BCC02',
    'Stack/Lists/StateMachine/Resource': 'ListsStateMachineE0F173BE',
    'Stack/Lists/StateMachineLogs/Resource': 'ListsStateMachineLogsC32C241D',
    'Stack/Lists/StateMachineRole/DefaultPolicy/Resource': 'ListsStateMachineRoleDefaultPolicy859F31ED',
    'Stack/Lists/StateMachineRole/Resource': 'ListsStateMachineRole8EDE39CD',
    'Stack/Lists/Undelivered/Policy/Resource': 'ListsUndeliveredPolicy3379C8CC',
    'Stack/Lists/Undelivered/Resource': 'ListsUndelivered9DA1DCF6',
    'Stack/Lists/UndeliveredNotificationsAlarm/Resource': 'ListsUndeliveredNotificationsAlarm602AA449',
  };
  const BUCKET = {
    'Stack/Lists/Bucket/Policy/Resource': 'ListsBucketPolicy629B80E2',
    'Stack/Lists/Bucket/Resource': 'ListsBucket466A1045',
  };

  test('with the required props only', () => {
    expect(idsOf(givenImporter())).toEqual({ ...IMPORTER, ...BUCKET });
  });

  test('a key changes no id', () => {
    const stack = givenStack();
    expect(idsOf(givenImporter({ encryptionKey: new kms.Key(stack, 'Key') }, stack))).toEqual({ ...IMPORTER, ...BUCKET });
  });

  test('brought buckets change no id of the rest', () => {
    const stack = givenStack();
    const { bucket } = givenImporter({}, stack, 'Other');
    expect(idsOf(givenImporter({ bucket, workBucket: bucket }, stack))).toEqual(IMPORTER);
  });
});
