import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { REGION } from './environment';
import { AccessKey } from './iam/keys';

/** SDK clients of the run itself and of its event source mappings: they call through the gateways, as everybody does. */
export function kinesisClient(endpoint: string, credentials: AccessKey): KinesisClient {
  // The client's own handler speaks HTTP/2, which kinesis-local fails on for larger answers.
  return new KinesisClient({ endpoint, credentials, region: REGION, requestHandler: new NodeHttpHandler() });
}

export function s3Client(endpoint: string, credentials: AccessKey): S3Client {
  return new S3Client({ endpoint, credentials, region: REGION, forcePathStyle: true });
}

export function sqsClient(endpoint: string, credentials: AccessKey): SQSClient {
  return new SQSClient({ endpoint, credentials, region: REGION });
}
