import { spawnSync } from 'node:child_process';
import * as v8 from 'node:v8';
import { batchHandler } from '../../../lambda-src/runtime/batch-handler';

jest.mock('node:v8', () => ({ ...jest.requireActual<typeof v8>('node:v8'), setFlagsFromString: jest.fn() }));

const set = jest.mocked(v8.setFlagsFromString);

/** What V8 says of a flag that is set while it runs: it complains and goes on. */
function complaint(flag: string): string {
  const { stderr, status } = spawnSync(process.execPath, ['-e', `require('node:v8').setFlagsFromString(${JSON.stringify(flag)})`], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr;
}

test('the handler of a stream sets one flag, which this Node.js knows', () => {
  batchHandler('Stack/Sync', jest.fn());
  expect(set.mock.calls).toEqual([['--no-allocation-site-pretenuring']]);
  expect(complaint(set.mock.calls[0][0])).toBe('');
  expect(complaint('--no-allocation-site-pretending')).toContain('--no-allocation-site-pretending');
});
