import { ACCOUNT_ID, PARTITION, REGION } from '../environment';
import { Kinesis } from './kinesis';
import { LambdaApi } from './lambda';
import { Pinpoint } from './pinpoint/pinpoint';
import { S3 } from './s3';

/** The services of a run. One more is one more line, and its class. */
export async function startServices() {
  const [kinesis, s3] = await Promise.all([Kinesis.start(), S3.start()]);
  const pinpoint = new Pinpoint({ region: REGION, account: ACCOUNT_ID, partition: PARTITION });
  return { kinesis, s3, pinpoint, lambda: new LambdaApi() };
}

export type Services = Awaited<ReturnType<typeof startServices>>;
