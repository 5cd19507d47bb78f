/** Ids of the warnings that a construct may add at synthesis. They are public: `Annotations.of(scope).acknowledgeWarning(id)` takes them. */
export const Warning = {
  /** An Amazon Pinpoint kind of a role is in use. */
  PINPOINT_END_OF_SUPPORT: 'cdk-cdp-engagement:pinpointEndOfSupport',
  /** Several constructs take the whole of quotas that belong to the account and its Region. */
  PINPOINT_QUOTAS_TAKEN_TWICE: 'cdk-cdp-engagement:pinpointQuotasTakenTwice',
  /** As above, for Amazon Connect Customer Profiles. */
  CUSTOMER_PROFILES_QUOTAS_TAKEN_TWICE: 'cdk-cdp-engagement:customerProfilesQuotasTakenTwice',
  /** Profiles of different users may be merged by what they have in common. */
  CUSTOMER_PROFILES_IDENTITY_RESOLUTION: 'cdk-cdp-engagement:customerProfilesIdentityResolution',
  /** Outbound campaigns can't use a domain of that name. */
  CUSTOMER_PROFILES_DOMAIN_NAME: 'cdk-cdp-engagement:customerProfilesDomainName',
  /** Upload jobs do things to profiles that are not documented. */
  CUSTOMER_PROFILES_UPLOAD_JOBS: 'cdk-cdp-engagement:customerProfilesUploadJobs',
  /** Access logs of a webhook need a role of the account. */
  API_GATEWAY_LOG_ROLE: 'cdk-cdp-engagement:apiGatewayLogRole',
} as const;
