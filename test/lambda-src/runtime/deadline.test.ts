import { before } from '../../../lambda-src/runtime/deadline';
import { OutOfTime } from '../../../lambda-src/runtime/pace';

test('an answer in time is the answer', async () => {
  await expect(before(Date.now() + 5_000, async () => 'answer')).resolves.toBe('answer');
});

test('an error in time is the error', async () => {
  await expect(before(Date.now() + 5_000, async () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

test.each([[20], [0], [-5_000]])('what takes longer than %i ms is given up and told so', async (millis) => {
  let signal: AbortSignal | undefined;
  await expect(before(Date.now() + millis, (given) => {
    signal = given;
    return new Promise(() => undefined);
  })).rejects.toThrow(OutOfTime);
  expect(signal?.aborted).toBe(true);
});

test('an error that comes too late is nobody\'s unhandled rejection', async () => {
  const unhandled = jest.fn();
  process.once('unhandledRejection', unhandled);
  await expect(before(Date.now(), (signal) => new Promise((_, reject) => {
    signal.addEventListener('abort', () => setImmediate(() => reject(new Error('late'))));
  }))).rejects.toThrow(OutOfTime);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(unhandled).not.toHaveBeenCalled();
  process.removeListener('unhandledRejection', unhandled);
});
