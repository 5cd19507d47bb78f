import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Client } from '../../local/clients';
import { Gateway } from '../../local/gateway';
import { Keys } from '../../local/iam/keys';
import { Recorder } from '../../local/recorder';
import { S3 } from '../../local/services/s3';

let [service, gateway, s3]: [S3?, Gateway?, S3Client?] = [];
beforeAll(async () => {
  service = await S3.start();
  await service.createBucket('b');
  const keys = new Keys();
  gateway = await Gateway.start({ service, recorder: new Recorder(), keys, statementsOf: () => [] });
  s3 = s3Client(gateway.url, keys.issue({ construct: 'local' }));
});
afterAll(() => gateway?.close());

test('x', async () => {
  await s3!.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
  await s3!.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
});
