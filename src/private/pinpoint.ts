import { Annotations, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warnOfQuotasTakenTwice } from './quotas';
import { checkText } from './validate';
import { Warning } from './warnings';
import { PinpointRates } from '../contract/endpoint-target';

/**
 * Published quotas in requests per second, for an account in one Region; none of them can be raised.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
 * @see https://docs.aws.amazon.com/general/latest/gr/pinpoint.html
 */
export const PINPOINT_QUOTAS = {
  UPDATE_ENDPOINTS_BATCH: 2,
  PUT_EVENTS: 15,
  GET_ENDPOINT: 10,
  /** Every operation that the tables don't name, among them GetUserEndpoints and DeleteUserEndpoints. */
  OTHER: 300,
} as const;

/** Longest name of an attribute or a metric, in characters.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html */
export const MAX_ATTRIBUTE_NAME = 50;

/** Longest value of an attribute, in characters.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html */
export const MAX_ATTRIBUTE_VALUE = 100;

/** Endpoint attributes, endpoint metrics and user attributes that one application may have, taken together.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html */
export const MAX_ATTRIBUTE_NAMES = 250;

/** Characters that the console can't show in the name of an attribute.
 * @see https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html */
export const FORBIDDEN_IN_ATTRIBUTE_NAME = /[#:?\\/]/;

/** The share of the account's quotas that each of `concurrency` simultaneous invocations may use. */
export function shareOut(concurrency: number): PinpointRates {
  return {
    updateEndpointsBatch: PINPOINT_QUOTAS.UPDATE_ENDPOINTS_BATCH / concurrency,
    putEvents: PINPOINT_QUOTAS.PUT_EVENTS / concurrency,
    userEndpoints: PINPOINT_QUOTAS.OTHER / concurrency,
  };
}

/** ARN of an application in the account and Region of the scope's stack, or of what is below it.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-actions.html */
export function pinpointArn(scope: Construct, applicationId: string, path: string = ''): string {
  return Stack.of(scope).formatArn({ service: 'mobiletargeting', resource: 'apps', resourceName: `${applicationId}${path}` });
}

export function checkApplicationId(applicationId: string): void {
  checkText('applicationId', applicationId, /^[A-Za-z0-9]+$/, 'must be the id of an application, letters and digits only',
    'take the `ref` of the `CfnApp`, not its ARN or name');
}

/** @see https://docs.aws.amazon.com/pinpoint/latest/userguide/migrate.html */
export function warnOfEndOfSupport(scope: Construct): void {
  Annotations.of(scope).addWarningV2(Warning.PINPOINT_END_OF_SUPPORT,
    'AWS ended support for the engagement features of Amazon Pinpoint on October 30, 2026: '
    + 'endpoints, segments, campaigns, journeys and events may no longer be reachable');
}

export function warnOfSharedQuotas(scope: Construct): void {
  warnOfQuotasTakenTwice(scope, 'Amazon Pinpoint', Warning.PINPOINT_QUOTAS_TAKEN_TWICE);
}
