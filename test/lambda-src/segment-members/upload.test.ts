import fc from 'fast-check';
import { Rejection } from '../../../lambda-src/runtime/errors';
import { csvOf, lengthOf, MAX_FILE_BYTES } from '../../../lambda-src/segment-members/upload-file';
import type { UploadJob } from '../../../lambda-src/segment-members/upload-jobs';
import { rowsOf } from '../../../local/services/pinpoint/csv';
import { Fault, givenMembers, PROFILE_SEGMENTS } from '../support/segment-members';

jest.mock('node:timers/promises', () => ({ setTimeout: async () => new Promise((done) => setImmediate(done)) }));

/** Lists of three members and more are written by a job. */
const givenUploads = () => givenMembers({ target: { ...PROFILE_SEGMENTS, upload: { from: 3, dataExpiryDays: 1098 } } });
const soon = (millis: number) => new Date(Date.now() + millis).toISOString();
const ofJobs = (calls: readonly string[]) => calls.filter((call) => !/^(put|search) /.test(call));
const ofObjects = (calls: readonly string[]) => calls.filter((call) => /^(put|search) /.test(call));
const JOB = expect.stringMatching(/^[0-9a-f]{32}$/);

describe('a large list', () => {
  test('is one file, sent to one job, and waited for', async () => {
    const world = givenUploads();
    expect(await world.import(['ana', 'ben', 'chi', 'ana'])).toEqual({
      status: 'COMPLETED', segmentId: 'VIP', rows: 4, members: 3, position: 3, changes: 3, written: 3, removed: 0, failed: 0, stillMembers: 0, failures: [],
      upload: { over: true, tries: 1, jobId: JOB, started: true },
    });
    expect(world.calls).toEqual(['create', 'path', 'send', 'start', 'get']);
    expect(world.sent).toEqual(['userId,Segment_VIP\nana,member\nben,member\nchi,member\n']);
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });

  test.each([[2, 0], [3, 1]])('of %d members is written by %d jobs', async (members, jobs) => {
    const world = givenUploads();
    await world.import(['ana', 'ben', 'chi'].slice(0, members));
    expect(world.calls.filter((call) => call === 'create')).toHaveLength(jobs);
  });

  test('those who go are removed before, one by one, and users keep their profiles', async () => {
    const world = givenUploads();
    await world.import(['ana', 'ben']);
    world.members();
    world.calls.length = 0;
    expect(await world.import(['ben', 'chi', 'dan'])).toMatchObject({ status: 'COMPLETED', written: 3, removed: 1, changes: 4 });
    expect(world.calls).toEqual(['search ana', 'put ana -', 'create', 'path', 'send', 'start', 'get']);
    expect(world.members()).toEqual(['ben', 'chi', 'dan']);
    expect([...world.domain.profiles.values()].map(({ AccountNumber }) => AccountNumber).sort()).toEqual(['ana', 'ben', 'chi', 'dan']);
    await world.import(['dan']);
    expect(world.members()).toEqual(['dan']);
  });

  test('what the job is told: a name of its own, the fields, the key and the expiry', async () => {
    const world = givenUploads();
    const create = jest.spyOn(world.jobs, 'create');
    await world.import(['ana', 'ben', 'chi']);
    expect(create.mock.calls).toEqual([[{
      DisplayName: expect.stringMatching(/^VIP-import-1-[0-9a-f]{8}$/), UniqueKey: 'userId', DataExpiry: 1098,
      Fields: {
        userId: { Source: '_source.userId', Target: '_profile.AccountNumber', ContentType: 'STRING' },
        cdpUserId: { Source: '_source.userId', Target: '_profile.Attributes.cdpUserId', ContentType: 'STRING' },
        Segment_VIP: { Source: '_source.Segment_VIP', Target: '_profile.Attributes.Segment_VIP', ContentType: 'STRING' },
      },
    }]]);
  });
});

describe('a job that does not write everybody', () => {
  test.each([
    ['failures', /^upload job \w+ ended as PARTIALLY_SUCCEEDED with 1 records of 3, and 2 failed: all members are written one by one instead$/],
    ['FAILED', /^upload job \w+ ended as FAILED \(VALIDATION_FAILURE\) with 0 records of 3, and 0 failed: all/],
  ])('ended with %s: all are written one by one, and the report says why', async (outcome, failure) => {
    const world = givenUploads();
    world.outcomes.push(outcome);
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({
      status: 'COMPLETED', written: 3, failed: 0, position: 3, failures: [expect.stringMatching(failure)], upload: { over: true, jobId: JOB },
    });
    expect(ofObjects(world.calls).sort()).toEqual(['put ana member', 'put ben member', 'put chi member']);
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });

  test.each<[string, object, boolean]>([
    ['that says nothing of records', {}, false],
    ['with all records', { ResultsSummary: { UpdatedRecords: 1, CreatedRecords: 2 } }, true],
    ['with all records, none failed', { ResultsSummary: { UpdatedRecords: 3, FailedRecords: 0 } }, true],
    ['with a record too many', { ResultsSummary: { UpdatedRecords: 2, CreatedRecords: 2 } }, false],
    ['with a record too few', { ResultsSummary: { UpdatedRecords: 2 } }, false],
    ['with a failed record', { ResultsSummary: { UpdatedRecords: 3, FailedRecords: 1 } }, false],
  ])('a success %s', async (_, job, isWhole) => {
    const world = givenUploads();
    jest.spyOn(world.jobs, 'get').mockResolvedValue({ Status: 'SUCCEEDED', ...job });
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({ status: 'COMPLETED', written: 3 });
    expect(ofObjects(world.calls)).toHaveLength(isWhole ? 0 : 3);
  });

  test('one that the service knows no longer', async () => {
    const world = givenUploads();
    jest.spyOn(world.jobs, 'get').mockResolvedValue(undefined);
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({ status: 'COMPLETED', failures: [expect.stringMatching(/ is gone: all members/)] });
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });

  test('one of which the service refuses to tell', async () => {
    const world = givenUploads();
    world.always.set(/get/, 'refused');
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({ status: 'COMPLETED', failures: [expect.stringMatching(/^the service does not tell of upload job \w+ \(BadRequestException: Object is not valid\): all/)] });
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });

  test('one that was stopped by somebody', async () => {
    const world = givenUploads();
    world.outcomes.push('stuck');
    const list = world.prepared(['ana', 'ben', 'chi']);
    let progress = await world.round(list, await world.round(list));
    await world.jobs.stop(progress.upload!.jobId!);
    while (progress.status === 'WRITING') progress = await world.round(list, progress);
    expect(progress).toMatchObject({ status: 'COMPLETED', failures: [expect.stringContaining('STOPPED')] });
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });
});

describe('a file that does not arrive', () => {
  test.each<[string, Fault[], string[]]>([
    ['the connection breaks', ['none', 'none', 'lost'], ['create', 'path', 'send', 'get', 'path', 'send', 'start', 'get']],
    ['the URL is refused twice', ['none', 'none', 'throttled', 'none', 'none', 'throttled'], ['create', 'path', 'send', 'get', 'path', 'send', 'get', 'path', 'send', 'start', 'get']],
    ['no path for the moment', ['none', 'throttled'], ['create', 'path', 'get', 'path', 'send', 'start', 'get']],
    ['the answer of the start gets lost', ['none', 'none', 'none', 'lost'], ['create', 'path', 'send', 'start', 'get']],
    ['no job for the moment', ['throttled'], ['create', 'create', 'path', 'send', 'start', 'get']],
  ])('%s: to a fresh path', async (_, faults, calls) => {
    const world = givenUploads();
    world.faults.push(...faults);
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({ status: 'COMPLETED', written: 3, failures: [] });
    expect(world.calls).toEqual(calls);
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });

  test('three times: all are written one by one, and the job is never started', async () => {
    const world = givenUploads();
    world.always.set(/send/, 'throttled');
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({
      status: 'COMPLETED', written: 3, failures: [expect.stringMatching(/^no file could be sent for upload job \w+ \(ThrottlingException\): all/)], upload: { tries: 3 },
    });
    expect(world.calls.filter((call) => call === 'send')).toHaveLength(3);
    expect(world.calls).not.toContain('start');
    expect(world.members()).toEqual(['ana', 'ben', 'chi']);
  });

  test('no job at all, three times', async () => {
    const world = givenUploads();
    world.always.set(/create/, 'throttled');
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({ status: 'COMPLETED', failures: [expect.stringMatching(/^no file could be sent \(ThrottlingException\): all/)] });
    expect(ofJobs(world.calls)).toEqual(['create', 'create', 'create']);
  });

  test('a job that is refused for good is not asked for again', async () => {
    const world = givenUploads();
    world.always.set(/create/, 'refused');
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({
      status: 'COMPLETED', written: 3, failures: ['an upload job was refused (BadRequestException: Object is not valid): all members are written one by one instead'],
    });
    expect(ofJobs(world.calls)).toEqual(['create']);
  });

  test('a denial ends the invocation', async () => {
    const world = givenUploads();
    world.always.set(/create/, 'denied');
    await expect(world.import(['ana', 'ben', 'chi'])).rejects.toMatchObject({ name: 'DeploymentError' });
  });
});

describe('a job that was started', () => {
  test('though the start was refused: its first answer got lost, and the client asked again', async () => {
    const world = givenUploads();
    const start = world.jobs.start;
    jest.spyOn(world.jobs, 'start').mockImplementationOnce(async (jobId) => {
      await start(jobId);
      await start(jobId);
    });
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({ status: 'COMPLETED', written: 3, failures: [], upload: { jobId: JOB, started: true } });
    expect(world.calls).toEqual(['create', 'path', 'send', 'start', 'start', 'get', 'get']);
  });

  test('is waited for while its status says CREATED, and stopped before the deadline', async () => {
    const world = givenUploads();
    const list = world.prepared(['ana', 'ben', 'chi']);
    const running = await world.round(list, await world.round(list));
    const get = jest.spyOn(world.jobs, 'get').mockResolvedValue({ Status: 'CREATED' });
    world.calls.length = 0;
    expect(await world.round(list, running)).toEqual(running);
    expect(world.calls).toEqual([]);
    await world.round(list, running, soon(60_000));
    expect(world.calls).toEqual(['stop']);
    get.mockRestore();
  });

  test('a file that is refused for a job that was not started: all are written one by one', async () => {
    const world = givenUploads();
    world.always.set(/path/, 'refused');
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject({
      status: 'COMPLETED', written: 3, failures: [expect.stringMatching(/^an upload job was refused \(BadRequestException: Object is not valid\): all/)],
    });
    expect(ofJobs(world.calls)).toEqual(['create', 'path', 'get']);
  });
});

describe('written one by one', () => {
  test.each([[3 * 60_000 - 1, []], [3 * 60_000 + 5_000, ['create', 'path', 'send', 'start']]])('%d ms before the deadline: %j', async (left, jobs) => {
    const world = givenUploads();
    const list = world.prepared(['ana', 'ben', 'chi']);
    const progress = await world.round(list, await world.round(list), soon(left));
    expect(world.calls).toEqual(jobs);
    if (jobs.length > 0) return;
    expect(progress.failures).toEqual(['too little time was left for an upload job: all members are written one by one instead']);
    expect(await world.round(list, progress, soon(left))).toMatchObject({ status: 'COMPLETED', written: 3 });
  });

  test('what was begun so before `upload` was deployed', async () => {
    const world = givenUploads();
    const list = world.prepared(['ana', 'ben', 'chi']);
    const { upload, ...begun } = await world.round(list);
    expect(upload).toEqual({ over: false, tries: 0 });
    expect(await world.round(list, { ...begun, position: 1, written: 1 })).toMatchObject({ status: 'COMPLETED', written: 3, position: 3 });
    expect(world.calls.sort()).toEqual(['put ben member', 'put chi member']);
  });
});

describe('interrupted', () => {
  test.each(['create', 'path', 'send', 'start', 'get'])('a round that ends without an answer after "%s" starts no second job', async (last) => {
    const world = givenUploads();
    world.outcomes.push('stuck');
    const list = world.prepared(['ana', 'ben', 'chi']);
    const started = jest.spyOn(world.jobs, 'start');
    const upload = await world.round(list);
    world.always.set(new RegExp(last === 'create' ? 'path' : last === 'path' ? 'send' : last === 'send' ? 'start' : 'none'), 'denied');
    await world.round(list, upload).catch(() => undefined);
    if (last === 'get') await world.round(list, upload);
    world.always.clear();
    const again = await world.round(list, upload);
    expect(world.calls.filter((call) => call === 'create')).toHaveLength(1);
    expect(new Set(started.mock.calls.map(([jobId]) => jobId))).toEqual(new Set([again.upload!.jobId]));
    expect(world.domain.profiles.size).toBe(0);
  });

  test('the time of the invocation is over while it asks: the next round asks again', async () => {
    const world = givenUploads();
    const list = world.prepared(['ana', 'ben', 'chi']);
    const running = await world.round(list, await world.round(list));
    world.faults.push('late');
    expect(await world.round(list, running)).toEqual(running);
    expect(await world.round(list, running)).toMatchObject({ status: 'COMPLETED' });
  });

  test('a first round that is repeated goes on with the job that runs', async () => {
    const world = givenUploads();
    const list = world.prepared(['ana', 'ben', 'chi']);
    await world.round(list, await world.round(list));
    let progress = await world.round(list);
    while (progress.status === 'WRITING') progress = await world.round(list, progress);
    expect(progress).toMatchObject({ status: 'COMPLETED', written: 3 });
    expect(world.calls).toEqual(['create', 'path', 'send', 'start', 'get']);
  });

  /** Rounds are two minutes apart at most. */
  test.each([[3 * 60_000 + 5_000, []], [3 * 60_000 - 1, ['stop']]])('%d ms before the deadline: %j', async (left, stops) => {
    const world = givenUploads();
    world.outcomes.push('stuck');
    const list = world.prepared(['ana', 'ben', 'chi']);
    const running = await world.round(list, await world.round(list));
    world.calls.length = 0;
    expect(await world.round(list, running, soon(left))).toMatchObject({ status: 'WRITING' });
    expect(ofJobs(world.calls)).toEqual(['get', ...stops]);
  });

  test('a job that ends as it is stopped has ended', async () => {
    const world = givenUploads();
    world.always.set(/stop/, 'refused');
    const list = world.prepared(['ana', 'ben', 'chi']);
    const running = await world.round(list, await world.round(list));
    const get = jest.spyOn(world.jobs, 'get').mockResolvedValueOnce({ Status: 'IN_PROGRESS' });
    const next = await world.round(list, running, soon(60_000));
    get.mockRestore();
    expect(await world.round(list, next)).toMatchObject({ status: 'COMPLETED', failures: [] });
  });

  test('a list that was given up does not write into the next one: its job is stopped first', async () => {
    const world = givenUploads();
    world.outcomes.push('stuck');
    const old = world.prepared(['ana', 'ben', 'chi']);
    const running = await world.round(old, await world.round(old));
    expect(await world.round(old, running, soon(-1))).toMatchObject({
      status: 'TIMED_OUT', failures: [expect.stringMatching(/upload job \w+ may still run, and the next list stops it first$/)],
    });
    world.calls.length = 0;
    const list = world.prepared(['dan']);
    const first = await world.round(list);
    expect(first).toMatchObject({ status: 'WRITING', position: 0 });
    expect(world.calls).toEqual(['get', 'stop']);
    expect(await world.round(list, first)).toMatchObject({
      status: 'COMPLETED', written: 1, failures: [expect.stringMatching(/^upload job \w+ of an earlier list had to end first$/)],
    });
    expect(world.members()).toEqual(['dan']);
  });

  const DAY = 24 * 3_600_000;
  /** The job of a list that was touched so long ago is asked for by the next one. */
  const givenOlder = async (millis: number, get: () => Promise<UploadJob | undefined>) => {
    const world = givenUploads();
    await world.import(['ana']);
    const touchedAt = soon(-millis);
    world.tamper((document: any) => ({ ...document, lists: document.lists.map((list: object) => ({ ...list, jobId: 'f'.repeat(32), touchedAt })) }));
    world.members();
    for (const { ProfileId } of world.domain.search('cdpUserId', ['ana'])) world.domain.delete(ProfileId);
    world.calls.length = 0;
    jest.spyOn(world.jobs, 'get').mockImplementation(get);
    return { world, progress: await world.round(world.prepared(['ben'])) };
  };

  test.each([[DAY - 5_000, 'WRITING', ['stop']], [DAY + 5_000, 'COMPLETED', []]])('a job that the service refuses to tell of, %d ms after: %s', async (millis, status, calls) => {
    const { world, progress } = await givenOlder(millis, async () => Promise.reject(new Rejection('BadRequestException', 'no')));
    expect(progress.status).toBe(status);
    expect(ofJobs(world.calls)).toEqual(calls);
  });

  /** What a job wrote a moment ago need not show in a search yet. */
  test.each<[string, number, UploadJob | undefined, number]>([
    ['ended 20 minutes ago', DAY, { Status: 'SUCCEEDED', CompletedAt: new Date(Date.now() - 20 * 60_000 + 30_000) }, 8],
    ['ended before', DAY, { Status: 'SUCCEEDED', CompletedAt: new Date(Date.now() - 20 * 60_000 - 1) }, 1],
    ['ended at a time that is not told', DAY - 5_000, { Status: 'STOPPED' }, 8],
    ['ended at a time that is not told, a day ago', DAY + 5_000, { Status: 'STOPPED' }, 1],
    ['is gone', DAY - 5_000, undefined, 8],
    ['was never started', DAY - 5_000, { Status: 'CREATED' }, 1],
  ])('after a job that %s, touched %d ms ago, a former member without a profile is looked for', async (_, millis, job, looks) => {
    const { world, progress } = await givenOlder(millis, async () => job);
    expect(progress).toMatchObject({ status: 'COMPLETED', removed: 1 });
    expect(world.calls.filter((call) => call === 'search ana')).toHaveLength(looks);
  });

  test('without `upload` nobody asks after the jobs of an earlier deployment', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    world.tamper((document: any) => ({ ...document, lists: document.lists.map((list: object) => ({ ...list, jobId: 'f'.repeat(32) })) }));
    expect(await world.import(['ben'])).toMatchObject({ status: 'COMPLETED' });
    expect(ofJobs(world.calls)).toEqual([]);
  });
});

describe('the file', () => {
  const given = async function* (users: readonly string[]) { yield* users; };
  const all = async (pieces: AsyncIterable<string>) => {
    const found: string[] = [];
    for await (const piece of pieces) found.push(piece);
    return found;
  };

  test('any ids can be read again, and the length is that of the bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1 }), async (users) => {
      const text = (await all(csvOf('VIP', given(users)))).join('');
      expect(text.charCodeAt(0)).not.toBe(0xfeff);
      expect(rowsOf(text)).toEqual([['userId', 'Segment_VIP'], ...users.map((user) => [user, 'member'])]);
      expect(await lengthOf(csvOf('VIP', given(users)))).toBe(Buffer.byteLength(text));
    }));
  });

  test('comes in pieces', async () => {
    const pieces = await all(csvOf('VIP', given(Array.from({ length: 20_000 }, (_, index) => `user-${index}`))));
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(70_000);
  });

  test.each([[100, 'taken'], [99, 'FileTooLarge']])('of 99 bytes, with less than %d allowed, is %s', async (most, expected) => {
    const length = lengthOf(given(['x'.repeat(99)]), most);
    if (expected === 'taken') expect(await length).toBe(99);
    else await expect(length).rejects.toMatchObject({ code: expected });
    expect(MAX_FILE_BYTES).toBe(1_000_000_000);
  });
});

test('after any lists, interrupted and failed as may be, the members are those of the last one that was completed', async () => {
  const users = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
  const fault = fc.oneof({ weight: 6, arbitrary: fc.constant<Fault>('none') }, fc.constantFrom<Fault>('late', 'denied', 'concurrent', 'lost', 'throttled'));
  const step = fc.record({ users, faults: fc.array(fault, { maxLength: 12 }), outcome: fc.constantFrom('none', 'none', 'failures', 'FAILED') });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
    const world = givenUploads();
    for (const { users: list, faults, outcome } of steps) {
      world.faults.push(...faults);
      world.outcomes.push(outcome);
      await world.import(list).catch((error: unknown) => expect(['DeploymentError', 'RetryableError']).toContain((error as Error).name));
      world.faults.length = 0;
    }
    for (const { users: list } of steps) {
      expect(await world.import(list)).toMatchObject({ status: 'COMPLETED', failed: 0, written: list.length });
      expect(world.members()).toEqual([...list].sort());
    }
  }), { numRuns: 200 });
}, 30_000);
