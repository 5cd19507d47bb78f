import fc from 'fast-check';
import { applyChange } from '../../../lambda-src/segment-members/membership';
import { runRound } from '../../../lambda-src/segment-members/round';
import { answer, Fault, givenMembers } from '../support/segment-members';

/** Pauses are no time; deadlines are. */
jest.mock('node:timers/promises', () => ({ setTimeout: async () => new Promise((done) => setImmediate(done)) }));
afterEach(() => jest.useRealTimers());

/** What the clock of an import says, without touching timers. */
const at = (time: string) => jest.useFakeTimers({
  now: new Date(time), doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'setTimeout', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask', 'performance', 'hrtime'],
});

describe('a list becomes the members of its segment', () => {
  test('the first one adds, the second adds and removes, each user once', async () => {
    const world = givenMembers();
    expect(await world.import(['ana', 'ben', 'ana'])).toEqual({
      status: 'COMPLETED', segmentId: 'VIP', rows: 3, members: 2, position: 2, changes: 2, written: 2, removed: 0, failed: 0, stillMembers: 0, failures: [],
    });
    expect(await world.import(['ben', 'chi'])).toMatchObject({ status: 'COMPLETED', changes: 3, written: 2, removed: 1 });
    expect(world.members()).toEqual(['ben', 'chi']);
    expect(world.calls.slice(0, 3)).toEqual(['put ana member', 'put ben member', 'search ana']);
    expect(world.calls.slice(3).sort()).toEqual(['put ana -', 'put ben member', 'put chi member']);
    expect(world.copies()).toBe(1);
  });

  test('segments do not know of each other', async () => {
    const world = givenMembers();
    await world.import(['ana', 'ben']);
    await world.import(['ben'], 'Gold');
    expect([world.members('VIP'), world.members('Gold')]).toEqual([['ana', 'ben'], ['ben']]);
  });

  test('the object says who, where and what, under a key of user and segment', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    await world.import(['ana'], 'Gold');
    world.members();
    expect(world.domain.objects().CdpSegmentMember).toEqual([
      { membershipId: expect.stringMatching(/^[0-9a-f]{64}$/), segment: 'VIP', userId: 'ana', Segment_VIP: 'member' },
      { membershipId: expect.stringMatching(/^[0-9a-f]{64}$/), segment: 'Gold', userId: 'ana', Segment_Gold: 'member' },
    ]);
  });

  test('a user who was deleted meanwhile does not come back as a former member', async () => {
    at('2026-11-23T10:00:00Z');
    const world = givenMembers();
    await world.import(['ana', 'ben']);
    world.members();
    for (const { ProfileId } of world.domain.search('cdpUserId', ['ana'])) world.domain.delete(ProfileId);
    jest.setSystemTime(new Date('2026-11-24T10:00:00Z'));
    world.calls.length = 0;
    expect(await world.import(['ben'])).toMatchObject({ status: 'COMPLETED', removed: 1 });
    expect(world.calls).toEqual(['search ana', 'put ben member']);
    expect([...world.domain.profiles.values()].map(({ AccountNumber }) => AccountNumber)).toEqual(['ben']);
  });

  /** Objects that were put a moment ago need not show in a search yet. */
  test.each([[20 * 60_000, 8], [20 * 60_000 + 1, 1]])('%d ms after the round before, a user without a profile is looked for %d times', async (millis, looks) => {
    at('2026-11-23T10:00:00.000Z');
    const world = givenMembers();
    await world.import(['ana']);
    world.members();
    for (const { ProfileId } of world.domain.search('cdpUserId', ['ana'])) world.domain.delete(ProfileId);
    jest.setSystemTime(Date.parse('2026-11-23T10:00:00.000Z') + millis);
    world.calls.length = 0;
    await world.import(['ben']);
    expect(world.calls.filter((call) => call === 'search ana')).toHaveLength(looks);
  });
});

describe('what goes wrong', () => {
  const faults = (...list: Fault[]) => ({ list });
  test.each([
    ['429, 400 for a concurrent update, and answers that get lost', faults('throttled', 'concurrent', 'lost', 'none', 'throttled'), { status: 'COMPLETED', written: 3, failed: 0 }, 0],
    ['a member that the service refuses', faults('none', 'refused'), { status: 'COMPLETED', written: 2, failed: 1, failures: ['s3://work/w/rejects/VIP/import-1-refused-0.ndjson'] }, 1],
  ])('%s', async (_, { list }, expected, refused) => {
    const world = givenMembers();
    world.faults.push(...list);
    expect(await world.import(['ana', 'ben', 'chi'])).toMatchObject(expected);
    expect(world.members()).toHaveLength(3 - refused);
    const lines = world.stored.get('rejects/VIP/import-1-refused-0.ndjson') ?? [];
    expect(lines.map((line) => JSON.parse(line))).toEqual(Array(refused).fill({ userId: 'ben', member: true, code: 'BadRequestException', reason: 'Object is not valid' }));
  });

  test('a user who could not be removed is tried again by the next list', async () => {
    const world = givenMembers();
    await world.import(['ana', 'ben']);
    world.always.set(/put ana -/, 'refused');
    expect(await world.import(['ben'])).toMatchObject({ status: 'COMPLETED', removed: 0, failed: 1, stillMembers: 1 });
    expect([world.members(), world.copies()]).toEqual([['ana', 'ben'], 2]);
    world.always.clear();
    await world.import(['ben']);
    expect([world.members(), world.copies()]).toEqual([['ben'], 1]);
  });

  test.each([[1, 'FAILED', 2], [2, 'COMPLETED', 2]])('with %d refusals allowed, two make it %s', async (maxFailures, status, failed) => {
    const world = givenMembers({ maxFailures });
    world.faults.push('refused', 'refused');
    const progress = await world.import(['ana', 'ben', 'chi']);
    expect(progress).toMatchObject({ status, failed });
    expect(progress.failures.includes('more than 1 changes were refused')).toBe(status === 'FAILED');
  });

  test('throttled until the deadline: it ends there, says how far it came, and the next list sets all right', async () => {
    const world = givenMembers();
    await world.import(['old']);
    const list = world.prepared(['ana', 'ben']);
    world.always.set(/member/, 'throttled');
    const progress = await world.round(list, undefined, new Date(Date.now() + 400).toISOString());
    expect(progress).toMatchObject({ status: 'TIMED_OUT', position: 1, changes: 3, removed: 1, failures: ['the time was over after 1 of 3 changes'] });
    world.always.clear();
    await world.import(['chi']);
    expect([world.members(), world.copies()]).toEqual([['chi'], 1]);
  });

  /** `maxRejectedRows` lets an import end with some of them, so one user who can never be removed must not keep every list there ever was. */
  test('of the lists before, only those who could not be removed are remembered', async () => {
    const world = givenMembers();
    await world.import(['ana', 'ben', 'chi']);
    world.always.set(/put ana -/, 'refused');
    await world.import(['chi']);
    world.calls.length = 0;
    expect(await world.import(['chi', 'dan'])).toMatchObject({ status: 'COMPLETED', changes: 3, removed: 0, failed: 1, stillMembers: 1 });
    expect(world.calls).not.toContain('search ben');
    expect([world.members(), world.copies()]).toEqual([['ana', 'chi', 'dan'], 2]);
    world.always.clear();
    expect(await world.import(['chi'])).toMatchObject({ removed: 2, failed: 0 });
    expect([world.members(), world.copies()]).toEqual([['chi'], 1]);
  });

  test('who could not be removed in one round is remembered after the next, also when a round is repeated', async () => {
    const world = givenMembers();
    await world.import(['ana', 'ben', 'old']);
    const list = world.prepared(['chi']);
    world.always.set(/put (ana|ben) -/, 'refused').set(/search ben/, 'late');
    await world.round(list);
    const first = await world.round(list);
    expect(first).toMatchObject({ status: 'WRITING', position: 1, stillMembers: 1 });
    world.always.clear();
    world.always.set(/put (ana|ben) -/, 'refused');
    expect(await world.round(list, first)).toMatchObject({ status: 'COMPLETED', stillMembers: 2 });
    world.always.clear();
    expect(await world.import(['chi'])).toMatchObject({ removed: 2, stillMembers: 0 });
    expect(world.members()).toEqual(['chi']);
  });

  /** The segment is another's half an hour after the deadline. */
  test.each([['its first round', false], ['a later one', true]])('%s, begun after the deadline, changes nothing of what a newer list has written', async (_, goesOn) => {
    const world = givenMembers();
    const old = world.prepared(['ana', 'ben', 'ben']);
    world.faults.push('none', 'late');
    const before = await world.round(old);
    expect(before).toMatchObject({ status: 'WRITING', members: 2 });
    await world.import(['chi']);
    const document = world.document();
    const late = await world.round(old, goesOn ? before : undefined, new Date(Date.now() - 1).toISOString());
    expect(late).toMatchObject({ status: 'TIMED_OUT', rows: 3, failures: [expect.stringContaining('the time was over')] });
    expect([world.document(), world.copies()]).toEqual([document, 1]);
    expect(await world.import(['dan'])).toMatchObject({ status: 'COMPLETED' });
    expect(world.members()).toEqual(['dan']);
  });

  test('what another version has written is not guessed at', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    world.tamper((document) => ({ ...document, version: 2 }));
    await expect(world.import(['ben'])).rejects.toMatchObject({ name: 'DeploymentError', message: expect.stringContaining('another version') });
  });

  test('a denial ends the invocation at once', async () => {
    const world = givenMembers();
    world.faults.push('denied');
    await expect(world.import(['ana'])).rejects.toMatchObject({ name: 'DeploymentError' });
  });

  test('a failed import leaves nobody behind whom the next one forgets', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    world.faults.push('none', 'none', 'none', ...Array<Fault>(30).fill('denied'));
    await expect(world.import(['ben', 'chi', 'dan'])).rejects.toThrow();
    world.faults.length = 0;
    await world.import(['dan']);
    expect([world.members(), world.copies()]).toEqual([['dan'], 1]);
  });

  test('an answer that got lost is given again, and copies that were left are deleted', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    const list = world.prepared(['ben']);
    world.removals.push('failed');
    await expect(world.round(list)).rejects.toThrow('SlowDown');
    expect(world.copies()).toBe(2);
    const calls = world.calls.length;
    expect(await world.round(list)).toMatchObject({ status: 'COMPLETED', written: 1, removed: 1, position: 2 });
    expect([world.calls.length, world.copies(), world.document().outdated]).toEqual([calls, 1, ['import-1']]);
  });

  test('copies that an import could not delete are deleted by the next', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    world.removals.push('failed');
    await expect(world.import(['ben'])).rejects.toThrow('SlowDown');
    await world.import(['chi']);
    expect([world.members(), world.copies()]).toEqual([['chi'], 1]);
  });

  test('a copy that is gone is never taken for an empty one', async () => {
    const world = givenMembers();
    await world.import(['ana']);
    for (const key of [...world.stored.keys()]) if (key.startsWith('state/members/')) world.stored.delete(key);
    await expect(world.import(['ben'])).rejects.toThrow('AccessDenied');
  });
});

describe('rounds', () => {
  const changes = Array.from({ length: 1203 }, (_, index) => ({ userId: `u${index}`, member: index >= 3 }));

  test.each([[0, 1203], [500, 703], [1202, 1], [1203, 0]])('from %d on, %d are left', async (from, left) => {
    expect((await runRound(changes, from, 0, async () => undefined)).done).toBe(left);
  });

  test('no more than 24 at a time, and what is behind a gap is done again', async () => {
    let [running, most, late] = [0, 0, false];
    const api = { deadline: Infinity, profilesOf: async () => [{}] as never, putObject: async () => undefined };
    const round = await runRound(changes, 0, 0, async (change) => {
      most = Math.max(most, running += 1);
      await Promise.resolve();
      running -= 1;
      if (change.userId === 'u700') late = true;
      return applyChange({ ...api, deadline: late ? 0 : Infinity }, change, { segment: 'VIP', objectType: 't', looks: 1 });
    });
    expect(most).toBe(24);
    expect(round.done).toBeGreaterThan(670);
    expect(round.done).toBeLessThanOrEqual(700);
    expect(round.written + round.removed).toBe(round.done);
  });

  test('a refusal is not tried again', async () => {
    let calls = 0;
    const putObject = async () => {
      calls += 1;
      throw answer('BadRequestException', 400);
    };
    expect(await applyChange({ deadline: Infinity, putObject, profilesOf: async () => [] }, { userId: 'u', member: true }, { segment: 'VIP', objectType: 't', looks: 1 }))
      .toEqual({ code: 'BadRequestException', reason: 'BadRequestException' });
    expect(calls).toBe(1);
  });
});

test('after any lists, interrupted and failed as may be, the members are those of the last one that was completed', async () => {
  const users = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 });
  const fault = fc.oneof({ weight: 6, arbitrary: fc.constant<Fault>('none') }, fc.constantFrom<Fault>('late', 'denied', 'concurrent', 'lost'));
  const step = fc.record({ users, segment: fc.constantFrom('VIP', 'Gold'), faults: fc.array(fault, { maxLength: 12 }) });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
    const world = givenMembers();
    for (const { users: list, segment, faults } of steps) {
      world.faults.push(...faults);
      await world.import(list, segment).catch((error: unknown) => expect(error).toMatchObject({ name: 'DeploymentError' }));
      world.faults.length = 0;
    }
    for (const segment of ['VIP', 'Gold']) {
      const last = ['z'];
      await world.import(last, segment);
      expect(world.members(segment)).toEqual(last);
    }
    const expected: Record<string, string[]> = {};
    for (const { users: list, segment } of steps) {
      expect(await world.import(list, segment)).toMatchObject({ status: 'COMPLETED', failed: 0 });
      expected[segment] = [...list].sort();
      expect(world.members(segment)).toEqual(expected[segment]);
    }
  }), { numRuns: 200 });
}, 30_000);
