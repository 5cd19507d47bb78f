import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3Documents } from '../../../lambda-src/segment-import/documents';
import { s3Client } from '../../../local/clients';
import { Gateway } from '../../../local/gateway';
import { Keys } from '../../../local/iam/keys';
import { Recorder } from '../../../local/recorder';
import { S3 } from '../../../local/services/s3';

/** The documents of the importer in the emulated S3; a process of its own, since the emulation is an ES module. Prints what each step answered. */
async function main(): Promise<void> {
  const service = await S3.start();
  await service.createBucket('work');
  const keys = new Keys();
  const gateway = await Gateway.start({ service, recorder: new Recorder(), keys, statementsOf: () => [] });
  const s3 = s3Client(gateway.url, keys.issue({ construct: 'test' }));
  const documents = s3Documents('work', 'w', s3);
  const put = async (key: string, condition: object) => s3.send(new PutObjectCommand({ Bucket: 'work', Key: key, Body: '{}', ...condition }))
    .then(() => 'taken', (error: Error & { $metadata: { httpStatusCode: number } }) => `${error.$metadata.httpStatusCode} ${error.name}`);

  const created = await Promise.all([1, 2, 3].map(async (writer) => documents.create('a.json', { writer })));
  const first = await documents.read<object>('a.json');
  const replaced = await Promise.all([4, 5, 6].map(async (writer) => documents.replace('a.json', { writer }, first.etag)));
  const second = await documents.read<object>('a.json');
  process.stdout.write(JSON.stringify({
    created: created.filter(Boolean).length,
    replaced: replaced.filter(Boolean).length,
    changed: first.etag !== second.etag,
    stale: await documents.replace('a.json', { writer: 7 }, first.etag),
    fresh: await documents.replace('a.json', { writer: 8 }, second.etag),
    content: (await documents.read('a.json')).document,
    none: await documents.find('none.json') ?? 'none',
    statuses: [
      await put('w/a.json', { IfNoneMatch: '*' }), await put('w/a.json', { IfMatch: second.etag }), await put('w/none.json', { IfMatch: second.etag }),
      await put('w/new.json', { IfNoneMatch: '*' }), await put('w/a.json', {}),
    ],
  }));
  await gateway.close();
  await service.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
