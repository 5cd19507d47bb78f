import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
test('of several writers at once one wins, and the others are told', () => {
  const output = execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(__dirname, 'apps', 's3-documents.ts')], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({
    created: 1,
    replaced: 1,
    changed: true,
    stale: false,
    fresh: true,
    content: { writer: 8 },
    none: 'none',
    statuses: ['412 PreconditionFailed', '412 PreconditionFailed', '404 NoSuchKey', 'taken', 'taken'],
  });
}, 60_000);
