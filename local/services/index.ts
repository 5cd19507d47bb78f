import { CdpServer } from '../cdp/server';
import { ACCOUNT_ID, PARTITION, REGION } from '../environment';
import { CustomerProfiles } from './customer-profiles/customer-profiles';
import { EventBridge } from './event-bridge';
import { Kinesis } from './kinesis';
import { LambdaApi } from './lambda';
import { Pinpoint } from './pinpoint/pinpoint';
import { S3 } from './s3';
import { SecretsManager } from './secrets-manager';
import { Sqs } from './sqs';

/** The services of a run. One more is one more line, and its class. */
export async function startServices(cdp: CdpServer) {
  const [kinesis, s3, sqs] = await Promise.all([Kinesis.start(), S3.start(), Sqs.start()]);
  const pinpoint = new Pinpoint({ region: REGION, account: ACCOUNT_ID, partition: PARTITION });
  const customerProfiles = new CustomerProfiles();
  return {
    kinesis, s3, sqs, pinpoint, customerProfiles,
    lambda: new LambdaApi(), secretsManager: new SecretsManager(), eventBridge: new EventBridge(cdp.inbox),
  };
}

export type Services = Awaited<ReturnType<typeof startServices>>;
