/** CloudWatch namespace of every metric this library writes. */
export const METRIC_NAMESPACE = 'CdkCdpEngagement';

/** Dimension that tells two instances of a construct apart. */
export const INSTANCE_DIMENSION = 'Instance';

/** Second dimension of the metrics that count something by its reason. */
export const REASON_DIMENSION = 'Reason';

/** What every reader of a stream counts, whatever it does with the messages. */
export const StreamMetric = {
  /** Records that left the stream: done, dropped or dead-lettered. */
  RECORDS: 'Records',
  MESSAGES_RECEIVED: 'MessagesReceived',
  MESSAGES_ACCEPTED: 'MessagesAccepted',
  /** Also with the dimension Reason. */
  MESSAGES_DROPPED: 'MessagesDropped',
  /** Also with the dimension Reason. */
  MESSAGES_DEAD_LETTERED: 'MessagesDeadLettered',
  /** Milliseconds from a record's arrival on the stream to its outcome; the oldest record of a batch. */
  LAG: 'Lag',
} as const;
