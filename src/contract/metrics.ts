/** CloudWatch namespace of every metric this library writes. */
export const METRIC_NAMESPACE = 'CdkCdpEngagement';

/** Dimension that tells two instances of a construct apart. */
export const INSTANCE_DIMENSION = 'Instance';

/** Second dimension of the metrics that count something by its reason. */
export const REASON_DIMENSION = 'Reason';
