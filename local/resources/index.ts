import { apiGatewayDeployment } from './apigateway-deployment';
import { apiGatewayGatewayResponse } from './apigateway-gateway-response';
import { apiGatewayMethod } from './apigateway-method';
import { apiGatewayResource } from './apigateway-resource';
import { apiGatewayRestApi } from './apigateway-rest-api';
import { apiGatewayStage } from './apigateway-stage';
import { cdkMetadata } from './cdk-metadata';
import { cloudwatchAlarm } from './cloudwatch-alarm';
import { customAws } from './custom-aws';
import { customS3AutoDeleteObjects } from './custom-s3-auto-delete-objects';
import { customerProfilesDomain } from './customerprofiles-domain';
import { customerProfilesEventStream } from './customerprofiles-event-stream';
import { customerProfilesObjectType } from './customerprofiles-object-type';
import { customerProfilesSegmentDefinition } from './customerprofiles-segment-definition';
import { eventsEventBus } from './events-event-bus';
import { eventsRule } from './events-rule';
import { ResourceHandler } from './handler';
import { iamManagedPolicy } from './iam-managed-policy';
import { iamPolicy } from './iam-policy';
import { iamRole } from './iam-role';
import { kinesisStream } from './kinesis-stream';
import { kinesisFirehoseDeliveryStream } from './kinesisfirehose-delivery-stream';
import { kmsAlias } from './kms-alias';
import { kmsKey } from './kms-key';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config';
import { lambdaEventSourceMapping } from './lambda-event-source-mapping';
import { lambdaFunction } from './lambda-function';
import { lambdaPermission } from './lambda-permission';
import { logsLogGroup } from './logs-log-group';
import { logsLogStream } from './logs-log-stream';
import { pinpointApp } from './pinpoint-app';
import { pinpointEventStream } from './pinpoint-event-stream';
import { pipesPipe } from './pipes-pipe';
import { s3Bucket } from './s3-bucket';
import { s3BucketPolicy } from './s3-bucket-policy';
import { secretsManagerSecret } from './secretsmanager-secret';
import { sesConfigurationSet } from './ses-configuration-set';
import { sesConfigurationSetEventDestination } from './ses-configuration-set-event-destination';
import { smsVoiceConfigurationSet } from './smsvoice-configuration-set';
import { snsSubscription } from './sns-subscription';
import { snsTopic } from './sns-topic';
import { snsTopicPolicy } from './sns-topic-policy';
import { sqsQueue } from './sqs-queue';
import { sqsQueuePolicy } from './sqs-queue-policy';
import { stepFunctionsStateMachine } from './stepfunctions-state-machine';
import { wafv2WebAclAssociation } from './wafv2-web-acl-association';

/** The resource types that the run knows; any other stops it. */
const HANDLERS: readonly ResourceHandler[] = [
  cdkMetadata, cloudwatchAlarm, customAws, customS3AutoDeleteObjects, customerProfilesDomain, customerProfilesEventStream,
  customerProfilesObjectType, customerProfilesSegmentDefinition,
  eventsEventBus, eventsRule, iamManagedPolicy, iamPolicy, iamRole,
  kinesisFirehoseDeliveryStream,
  kinesisStream, kmsAlias, kmsKey, lambdaEventInvokeConfig, lambdaEventSourceMapping, lambdaFunction, lambdaPermission, logsLogGroup, logsLogStream,
  pinpointApp, pinpointEventStream, pipesPipe, s3Bucket, s3BucketPolicy, secretsManagerSecret, sesConfigurationSet,
  sesConfigurationSetEventDestination, smsVoiceConfigurationSet, snsSubscription, snsTopic, snsTopicPolicy,
  sqsQueue, sqsQueuePolicy, stepFunctionsStateMachine,
  apiGatewayDeployment, apiGatewayGatewayResponse, apiGatewayMethod, apiGatewayResource, apiGatewayRestApi, apiGatewayStage,
  wafv2WebAclAssociation,
];

const BY_TYPE: ReadonlyMap<string, ResourceHandler> = new Map(HANDLERS.map((handler) => [handler.type, handler]));

export function handlerOf(type: string): ResourceHandler | undefined {
  return BY_TYPE.get(type);
}
