/** CloudWatch namespace of every metric this library writes. */
export const METRIC_NAMESPACE = 'CdkCdpEngagement';

/** Dimension that tells two instances of a construct apart. */
export const INSTANCE_DIMENSION = 'Instance';

/** Second dimension of the metrics that count something by its reason. */
export const REASON_DIMENSION = 'Reason';

/** What became of messages, whatever they are about. */
export const MessageMetric = {
  MESSAGES_ACCEPTED: 'MessagesAccepted',
  /** Also with the dimension Reason. */
  MESSAGES_DROPPED: 'MessagesDropped',
  /** Also with the dimension Reason. */
  MESSAGES_DEAD_LETTERED: 'MessagesDeadLettered',
} as const;

/** What everything counts that hands messages on to a CDP. */
export const DeliveryMetric = {
  ...MessageMetric,
  /** Messages whose user could only be named by an anonymous id. */
  ANONYMOUS: 'AnonymousEvents',
  REQUESTS: 'Requests',
  REQUESTS_THROTTLED: 'RequestsThrottled',
  REQUESTS_FAILED: 'RequestsFailed',
} as const;

/** What every reader of a stream counts, whatever it does with the messages. */
export const StreamMetric = {
  ...MessageMetric,
  /** Records that left the stream: done, dropped or dead-lettered. */
  RECORDS: 'Records',
  MESSAGES_RECEIVED: 'MessagesReceived',
  /** Milliseconds from a record's arrival on the stream to its outcome; the oldest record of a batch. */
  LAG: 'Lag',
} as const;
