import * as fc from 'fast-check';
import { createSync } from '../../../lambda-src/cdp-endpoint-sync/core';
import { functionFormat, MAX_PAYLOAD_BYTES } from '../../../lambda-src/formats/function';
import { createMapper } from '../../../lambda-src/mapping';
import type { DeadLetter } from '../../../lambda-src/runtime/dead-letters';
import { Telemetry } from '../../../lambda-src/runtime/telemetry';
import type { Invoked } from '../../../lambda-src/transports/function';
import { mapping } from '../support/mapping';
import { batch } from '../support/records';
import { fakeTarget } from '../support/sync';

type Ask = (request: { version: number; messages: { id: string; at: string; body: any }[] }) => Invoked | object;

/** One invocation of the core with a function that answers as a test says. */
async function run(records: readonly unknown[], answer: Ask, maxBatchSize = 100) {
  const requests: any[] = [];
  const letters: DeadLetter[] = [];
  const target = fakeTarget();
  const format = functionFormat({ kind: 'function', functionArn: 'arn:fn', maxBatchSize }, async (payload) => {
    const request = JSON.parse(payload);
    requests.push(request);
    const answered = answer(request);
    return 'kind' in answered ? answered : { kind: 'answered', text: JSON.stringify(answered) };
  });
  const telemetry = new Telemetry('Sync');
  const core = createSync({ instance: 'Sync', format, map: createMapper(mapping()), target, deadLetters: { write: async (written) => void letters.push(...written) } });
  const event = batch(...records);
  const { batchItemFailures } = await core(event, Date.now() + 10_000, telemetry);
  const failed = event.Records.findIndex(({ kinesis }) => kinesis.sequenceNumber === batchItemFailures[0]?.itemIdentifier);
  return { requests, failed, codes: letters.map(({ code }) => code), letters, changes: target.seen.map(({ change }) => change), counts: telemetry.summary() };
}

const identify = (userId: string) => ({ type: 'identify', userId, traits: { email: `${userId}@example.com` } });
const done: Ask = ({ messages }) => ({ results: messages.map(({ id, body }) => ({ id, status: 'done', messages: [identify(body.who)] })) });
const withStatus = (result: object): Ask => ({ messages }) => ({ results: messages.map(({ id }) => ({ id, ...result })) });

test('messages are asked for in batches, in order, and what is answered is read as the Segment spec', async () => {
  const { requests, changes, failed, counts } = await run([{ who: 'a' }, [{ who: 'b' }, { who: 'c' }]], done, 2);
  expect(requests.map(({ version, messages }) => [version, messages.map(({ body }: any) => body.who)])).toEqual([[1, ['a', 'b']], [1, ['c']]]);
  expect(requests[0].messages[0]).toEqual({ id: expect.stringMatching(/^shardId-.*\.0$/), at: '2026-11-23T10:00:00.500Z', body: { who: 'a' } });
  expect(changes).toMatchObject(['a', 'b', 'c'].map((userId) => ({ kind: 'profile', userId })));
  expect(failed).toBe(-1);
  expect(counts).toMatchObject({ MessagesReceived: 3, MessagesAccepted: 3 });
});

test.each<[string, Ask, string]>([
  ['that is not JSON', () => ({ kind: 'answered', text: '{' }), 'InvalidAnswer'],
  ['without results', () => ({ ok: true }), 'InvalidAnswer'],
  ['that leaves a message out', () => ({ results: [] }), 'NoResult'],
  ['with another status', withStatus({ status: 'constructor' }), 'InvalidAnswer'],
  ['with messages that are no list', withStatus({ status: 'done', messages: {} }), 'InvalidAnswer'],
  ['with a message of no known type', withStatus({ status: 'done', messages: [identify('a'), { type: 'invented' }] }), 'UnknownType'],
  ['that refuses', withStatus({ status: 'rejected', reason: 'why' }), 'RejectedByFunction'],
  ['of a request that Lambda refuses', () => ({ kind: 'items', code: 'InvalidRequestContentException', reason: 'r' }), 'InvalidRequestContentException'],
])('an answer %s: the message is kept as the CDP wrote it, and nothing of it is done', async (_, answer, code) => {
  const { codes, letters, changes, failed } = await run([{ who: 'a' }], answer);
  expect({ codes, changes, failed }).toEqual({ codes: [code], changes: [], failed: -1 });
  expect(letters[0].payload).toBe('{"who":"a"}');
});

test.each<[string, Ask]>([['dropped', withStatus({ status: 'dropped', reason: 'Test' })], ['done without messages', withStatus({ status: 'done' })]])(
  'a message that is %s is counted', async (_, answer) => {
    expect((await run([{ who: 'a' }], answer)).counts).toMatchObject({ MessagesDropped: 1 });
  });

test('from the first message on that is to be sent again, nothing is asked, done or kept', async () => {
  const answer: Ask = ({ messages }) => messages[0].body.who === 'b' ? { kind: 'retry', code: 'FunctionErrorUnhandled' } : done({ version: 1, messages });
  const { requests, changes, failed, codes } = await run([{ who: 'a' }, { who: 'b' }, 'poison', { who: 'c' }], answer, 1);
  expect(requests).toHaveLength(2);
  expect(changes).toMatchObject([{ userId: 'a' }]);
  expect({ failed, codes }).toEqual({ failed: 1, codes: [] });
});

test('of one invocation, what is before a message to be retried is done', async () => {
  const answer: Ask = ({ messages }) => ({ results: messages.map(({ id, body }) => body.who === 'b' ? { id, status: 'retry' } : { id, status: 'done', messages: [identify(body.who)] }) });
  const { changes, failed } = await run([{ who: 'a' }, { who: 'b' }, { who: 'c' }], answer);
  expect(changes).toMatchObject([{ userId: 'a' }]);
  expect(failed).toBe(1);
});

test('what is no object is not asked for', async () => {
  const { requests, codes } = await run(['poison', '5'], done);
  expect({ requests, codes }).toEqual({ requests: [], codes: ['NotJson', 'NotAnObject'] });
});

test('a message that no invocation can hold is refused, one that just fits is asked for', async () => {
  const size = (message: object) => Buffer.byteLength(JSON.stringify(message));
  const { translate } = functionFormat({ kind: 'function', functionArn: 'a', maxBatchSize: 10 }, async () => ({ kind: 'answered', text: '{"results":[{"id":"1","status":"dropped"}]}' }));
  const room = MAX_PAYLOAD_BYTES - 65 - size({ id: '1', at: '', body: '' });
  expect(await translate!([{ id: '1', at: '', body: 'x'.repeat(room) }], 0)).toMatchObject([{ status: 'dropped' }]);
  expect(await translate!([{ id: '1', at: '', body: 'x'.repeat(room + 1) }], 0)).toMatchObject([{ status: 'rejected', code: 'TooLarge' }]);
});

test('a message nested too deep to be written again is refused, and holds nobody up', async () => {
  const deep = `{"who":"b","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const { failed, changes, letters } = await run([{ who: 'a' }, deep, { who: 'c' }], done);
  expect({ failed, users: changes.map(({ userId }) => userId) }).toEqual({ failed: -1, users: ['a', 'c'] });
  expect(letters).toMatchObject([{ code: 'TooDeep', payload: deep }]);
});

test('whatever the function answers, each message is done, dropped, kept or delivered again', async () => {
  const result = fc.record({ status: fc.constantFrom<unknown>('done', 'dropped', 'rejected', 'retry', '__proto__', 5), messages: fc.oneof(fc.json().map((text) => JSON.parse(text) as unknown),
    fc.array(fc.record({ type: fc.constantFrom('identify', 'track', 'x'), userId: fc.constantFrom<unknown>('u', 5, null, {}), event: fc.string(), traits: fc.object() }), { maxLength: 3 })), reason: fc.anything() });
  await fc.assert(fc.asyncProperty(fc.array(result, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 3 }), async (results, maxBatchSize) => {
    const answer: Ask = ({ messages }) => ({ results: messages.map(({ id, body }) => ({ ...JSON.parse(JSON.stringify(results[body.at])), id })) });
    const { failed, counts, codes } = await run(results.map((_, at) => ({ at })), answer, maxBatchSize);
    expect((counts.MessagesAccepted ?? 0) + (counts.MessagesDropped ?? 0) + codes.length).toBe(failed < 0 ? results.length : failed);
  }), { numRuns: 200 });
});
