/** Bytes of a message, and of all messages of a request.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const MAX_QUEUE_BYTES = 1_048_576;
