import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Every App leaves an assembly with copies of its assets in the temporary folder: this run gets one of its own, which the teardown removes. */
export default function setUp(): void {
  process.env.JEST_RUN_TMPDIR = process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'jest-run-'));
}
