import * as fs from 'node:fs';

export default function tearDown(): void {
  if (process.env.JEST_RUN_TMPDIR) fs.rmSync(process.env.JEST_RUN_TMPDIR, { recursive: true, force: true });
}
