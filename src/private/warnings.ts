/** Ids of the warnings that a construct may add at synthesis. They are public: `Annotations.of(scope).acknowledgeWarning(id)` takes them. */
export const Warning = {
  /** An Amazon Pinpoint kind of a role is in use. */
  PINPOINT_END_OF_SUPPORT: 'cdk-cdp-engagement:pinpointEndOfSupport',
  /** Several constructs take the whole of quotas that belong to the account and its Region. */
  PINPOINT_QUOTAS_TAKEN_TWICE: 'cdk-cdp-engagement:pinpointQuotasTakenTwice',
  /** Access logs of a webhook need a role of the account. */
  API_GATEWAY_LOG_ROLE: 'cdk-cdp-engagement:apiGatewayLogRole',
} as const;
