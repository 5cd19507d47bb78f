/**
 * Documented limits of Amazon Pinpoint. Sources: DG/x = docs.aws.amazon.com/pinpoint/latest/developerguide/x.html,
 * API/x = …/apireference/x.html. The documentation doesn't say whether its KB is 1,000 or 1,024 bytes; here it is 1,024.
 */
const KB = 1024;
const MB = 1024 * KB;

/** DG/quotas, "Endpoint quotas". */
export const ENDPOINT_LIMITS = {
  itemsPerBatch: 100,
  batchBytes: 7 * MB,
  endpointBytes: 15 * KB,
  /** Attributes, Metrics and UserAttributes together, per application; above it: "Too many custom attributes". */
  namesPerApp: 250,
  nameLength: 50,
  valueLength: 100,
  valuesPerAttribute: 50,
  /** The AWS General Reference and older error messages say 10. */
  perUser: 15,
} as const;

/** DG/quotas, "Event ingestion quotas". */
export const EVENT_LIMITS = {
  eventsPerRequest: 100,
  requestBytes: 4 * MB,
  eventBytes: 1000 * KB,
  keysPerEvent: 40,
  keyLength: 50,
  valueLength: 200,
  typesPerApp: 1500,
  attributeKeysPerApp: 500,
  metricKeysPerApp: 500,
} as const;

/** DG/quotas, "Segment quotas" and "Import job quotas"; DG/audience-define-import still says 2 active jobs.
 * `failures`: API/apps-application-id-jobs-import. */
export const IMPORT_LIMITS = {
  activeJobs: 10,
  filesPerJob: 10_000,
  jobBytes: 1024 * MB,
  failures: 100,
} as const;

/** API/apps-application-id-endpoints, EndpointDemographic and EndpointLocation: "can contain up to … characters". */
export const FIELD_LENGTHS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Demographic: { AppVersion: 50, Make: 50, Model: 100, ModelVersion: 50, Platform: 50, PlatformVersion: 50 },
  Location: { City: 75, Region: 75 },
};

/** API/apps-application-id-endpoints: an endpoint id and a user id "can't contain" these. */
export const FORBIDDEN_IN_IDS = /[${}]/;

/**
 * DG/audience-define-auto-inactive: above `perUser`, an endpoint of these channels takes the place of the push endpoint
 * with the oldest EffectiveDate; one of any other channel is refused.
 */
export const PUSH_CHANNELS: readonly string[] = ['ADM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'BAIDU', 'GCM'];
