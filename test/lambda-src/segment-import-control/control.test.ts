import fc from 'fast-check';
import type { ReadyImport } from '../../../lambda-src/segment-import/import-document';
import { createControl } from '../../../lambda-src/segment-import-control/core';
import { segmentKey, slotKey } from '../../../lambda-src/segment-import-control/leases';
import { detailOf } from '../../../lambda-src/segment-import-control/notices';
import type { Report } from '../../../lambda-src/segment-import-control/report';
import { createJobs } from '../../../lambda-src/segment-targets';
import type { SegmentImportControlConfig } from '../../../src/contract/segment-import-control';
import { memoryDocuments, TARGET } from '../support/segment-import';

const HOUR = 3_600_000;
const SCOPE = 'pinpoint/app';
const START = Date.parse('2026-11-23T10:00:00Z');

function givenControl(config: Partial<SegmentImportControlConfig> = {}, documents = memoryDocuments()) {
  const [reports, notices]: [Report[], object[]] = [[], []];
  let time = START;
  const handler = createControl({
    config: {
      version: 1, instance: 'Stack/Lists', inbox: { bucketName: 'lists', prefix: 'segments' }, work: { bucketName: 'work', prefix: 'w' }, eventBusName: 'default', maxConcurrentJobs: 2,
      jobTimeoutSeconds: 7200, waitTimeoutSeconds: 86_400, target: TARGET, ...config,
    },
    jobs: createJobs({ ...TARGET, ...config.target }),
    documents,
    reports: { write: async (report) => `s3://work/${reports.push(report)}` },
    notices: { send: async (report, url) => void notices.push(detailOf(report, url)) },
    logger: { info: () => undefined },
    now: () => new Date(time),
  });
  const startedAt = new Date(START).toISOString();
  return {
    documents, reports, notices,
    pass: (millis: number) => void (time += millis),
    slot: (index: number) => JSON.parse(documents.stored.get(slotKey(index)) ?? 'null'),
    segment: (name: string) => JSON.parse(documents.stored.get(segmentKey(SCOPE, name)) ?? 'null'),
    acquire: (one: ReadyImport, execution = one.importId): Promise<any> => handler({ action: 'acquire', execution, startedAt, import: one }),
    report: (state: object, execution: string): Promise<any> => handler({ action: 'report', execution, startedAt, state }),
    handler,
  };
}

/** What was prepared of an export of a given minute. */
function list(minute: number, segment = 'VIP', name = 'list'): ReadyImport {
  const time = new Date(START + minute * 60_000).toISOString().replace('.000', '');
  const key = `segments/${segment}/${name}-${minute}.csv`;
  return {
    status: 'ready', importId: `${name}-${segment}-${minute}`, segment, order: { time, key, sequencer: '61' }, source: { bucket: 'lists', key, etag: 'e' },
    format: 'CSV', url: `s3://work/w/prepared/${minute}/`, files: 1, bytes: 100, rows: { accepted: 10, rejected: 0, reasons: {}, cuts: {} },
  };
}

/** The service's answer, in the shape of https://docs.aws.amazon.com/pinpoint/latest/developerguide/audience-define-import.html */
function answer(job: Record<string, unknown> = {}): object {
  return {
    ImportJobResponse: {
      ApplicationId: 'app', CompletedPieces: 1, CreationDate: '2026-11-23T10:00:01Z', CompletionDate: '2026-11-23T10:01:00Z', FailedPieces: 0, Id: 'job-1',
      JobStatus: 'COMPLETED', TotalFailures: 0, TotalPieces: 1, TotalProcessed: 10, Type: 'IMPORT',
      Definition: { DefineSegment: true, Format: 'CSV', RegisterEndpoints: true, RoleArn: TARGET.importRoleArn, S3Url: 's3://work/w/prepared/0/', SegmentId: 'segment-1' },
      ...job,
    },
  };
}

describe('admission', () => {
  test('the first import makes the segment', async () => {
    expect(await givenControl().acquire(list(0))).toEqual({
      answer: 'granted',
      deadline: '2026-11-23T12:00:00.000Z',
      request: {
        Format: 'CSV', S3Url: 's3://work/w/prepared/0/', RoleArn: TARGET.importRoleArn, RegisterEndpoints: true, DefineSegment: true, SegmentName: 'VIP',
      },
    });
  });

  test('the next one updates it', async () => {
    const control = givenControl();
    const grant = await control.acquire(list(0));
    await control.report({ import: list(0), grant, answer: answer() }, list(0).importId);
    expect((await control.acquire(list(1))).request).toMatchObject({ SegmentName: 'VIP', SegmentId: 'segment-1' });
  });

  test('endpoints alone have no segment', async () => {
    const { request } = await givenControl({ target: { ...TARGET, defineSegment: false } }).acquire(list(0));
    expect(Object.keys(request)).toEqual(['Format', 'S3Url', 'RoleArn', 'RegisterEndpoints', 'DefineSegment']);
  });

  test('one at a time for a segment, and an execution that asks again gets what it has', async () => {
    const control = givenControl();
    expect(await control.acquire(list(0))).toMatchObject({ answer: 'granted' });
    expect(await control.acquire(list(0))).toMatchObject({ answer: 'granted' });
    expect(await control.acquire(list(1))).toEqual({ answer: 'wait' });
    expect(await control.acquire(list(0, 'Other'))).toMatchObject({ answer: 'granted' });
  });

  test('an older export never overwrites a newer one, running or done', async () => {
    const control = givenControl();
    const grant = await control.acquire(list(1));
    expect(await control.acquire(list(0))).toEqual({ answer: 'superseded' });
    await control.report({ import: list(1), grant, answer: answer() }, list(1).importId);
    expect(await control.acquire(list(0))).toEqual({ answer: 'superseded' });
    expect(await control.acquire(list(2))).toMatchObject({ answer: 'granted' });
  });

  test.each([1, 2, 10])('%d jobs at once, and not one more', async (maxConcurrentJobs) => {
    const control = givenControl({ maxConcurrentJobs });
    const answers = [];
    for (let index = 0; index <= maxConcurrentJobs; index += 1) answers.push((await control.acquire(list(0, `S${index}`))).answer);
    expect(answers).toEqual([...Array.from({ length: maxConcurrentJobs }, () => 'granted'), 'wait']);
    expect(control.segment(`S${maxConcurrentJobs}`).lock).toBeUndefined();
  });

  test('a place is free again after a report', async () => {
    const control = givenControl({ maxConcurrentJobs: 1 });
    const grant = await control.acquire(list(0));
    expect(await control.acquire(list(0, 'Other'))).toEqual({ answer: 'wait' });
    await control.report({ import: list(0), grant, answer: answer({ JobStatus: 'FAILED' }) }, list(0).importId);
    expect(await control.acquire(list(0, 'Other'))).toMatchObject({ answer: 'granted' });
  });

  test('a crashed execution blocks nothing for ever', async () => {
    const control = givenControl({ maxConcurrentJobs: 1 });
    await control.acquire(list(0));
    control.pass(2.5 * HOUR - 1);
    expect(await control.acquire(list(1))).toEqual({ answer: 'wait' });
    control.pass(1);
    expect(await control.acquire(list(1))).toMatchObject({ answer: 'granted' });
  });

  test('nobody waits for more than a day', async () => {
    const control = givenControl({ jobTimeoutSeconds: 90_000 });
    await control.acquire(list(0));
    control.pass(24 * HOUR);
    expect(await control.acquire(list(1))).toEqual({ answer: 'wait' });
    control.pass(1);
    expect(await control.acquire(list(1))).toEqual({ answer: 'expired' });
  });

  test('one that has its place, but no job for a day, gives up, and its report frees what it held', async () => {
    const control = givenControl({ maxConcurrentJobs: 1 });
    const busy = { Error: 'Pinpoint.TooManyRequestsException' };
    await control.acquire(list(0));
    control.pass(24 * HOUR + 1);
    const grant = await control.acquire(list(0));
    expect(grant).toEqual({ answer: 'expired' });
    await control.report({ import: list(0), grant, busy }, list(0).importId);
    expect(control.reports[0]).toMatchObject({ code: 'WaitedTooLong', reason: 'the service had no room for another job' });
    expect(control.segment('VIP').lock).toBeUndefined();
    expect(control.slot(0)).toEqual({ version: 1 });
  });

  test('a newer one that waits shuts out the older ones that ask again', async () => {
    const control = givenControl();
    await control.acquire(list(1));
    expect(await control.acquire(list(2))).toEqual({ answer: 'wait' });
    const grant = await control.acquire(list(1));
    expect(grant).toEqual({ answer: 'superseded' });
    expect(await control.acquire(list(2))).toEqual({ answer: 'wait' });
    await control.report({ import: list(1), grant }, list(1).importId);
    expect(await control.acquire(list(2))).toMatchObject({ answer: 'granted' });
  });

  test('an answer that got lost costs no second place', async () => {
    const documents = memoryDocuments();
    const { replace } = documents;
    let lost = 0;
    documents.replace = async (key, document, etag) => await replace(key, document, etag) && (key !== slotKey(0) || (lost += 1) > 1);
    const control = givenControl({}, documents);
    expect(await control.acquire(list(0))).toMatchObject({ answer: 'granted' });
    expect([control.slot(0).holder.execution, control.slot(1).holder]).toEqual([list(0).importId, undefined]);
  });

  test('another application has other segments', async () => {
    const control = givenControl();
    const grant = await control.acquire(list(0));
    await control.report({ import: list(0), grant, answer: answer() }, list(0).importId);
    const other = givenControl({ target: { ...TARGET, applicationId: 'other' } }, control.documents);
    expect((await other.acquire(list(1))).request).not.toHaveProperty('SegmentId');
  });

  test('whatever the interleaving: one job a segment, no more than allowed, and never an older one after a newer one', async () => {
    const wanted = fc.record({ minute: fc.nat(20), segment: fc.constantFrom('A', 'B', 'C') });
    await fc.assert(fc.asyncProperty(
      fc.uniqueArray(wanted, { selector: ({ minute, segment }) => `${segment}${minute}`, minLength: 2, maxLength: 8 }), fc.integer({ min: 1, max: 3 }), fc.scheduler(),
      async (lists, maxConcurrentJobs, scheduler) => {
        const plain = memoryDocuments();
        const documents = {
          stored: plain.stored, create: scheduler.scheduleFunction(plain.create), read: scheduler.scheduleFunction(plain.read), find: scheduler.scheduleFunction(plain.find),
          replace: scheduler.scheduleFunction(plain.replace),
        } as ReturnType<typeof memoryDocuments>;
        const control = givenControl({ maxConcurrentJobs }, documents);
        const running: ReadyImport[] = [];
        const newest: Record<string, number> = {};
        const work = Promise.all(lists.map(async ({ minute, segment }) => {
          const mine = list(minute, segment);
          for (;;) {
            const grant = await control.acquire(mine);
            if (grant.answer === 'superseded') return;
            if (grant.answer === 'granted') {
              running.push(mine);
              expect(running.filter((one) => one.segment === segment)).toHaveLength(1);
              expect(running.length).toBeLessThanOrEqual(maxConcurrentJobs);
              expect(minute).toBeGreaterThanOrEqual(newest[segment] ?? -1);
              newest[segment] = minute;
              await scheduler.schedule(Promise.resolve());
              running.splice(running.indexOf(mine), 1);
              await control.report({ import: mine, grant, answer: answer() }, mine.importId);
              return;
            }
          }
        }));
        await scheduler.waitFor(work);
        for (const { segment, minute } of lists) expect(newest[segment]).toBeGreaterThanOrEqual(minute);
      }), { numRuns: 60 });
  });
});

describe('the report', () => {
  const GRANT = { answer: 'granted', request: {}, deadline: '' };
  const EVENT = { time: '2026-11-23T10:00:00Z', detail: { bucket: { name: 'lists' }, object: { key: 'segments/VIP.csv', etag: 'e', sequencer: '61' } } };
  const failedList = { ...list(0), status: 'failed', code: 'UnknownColumn', reason: 'column "x"', rows: { accepted: 0, rejected: 0, reasons: {}, cuts: {} } };
  const withRejects = { ...list(0), rows: { accepted: 9, rejected: 1, reasons: { InvalidAddress: 1 }, cuts: {} }, rejects: 's3://work/rejects' };

  async function reported(state: object) {
    const control = givenControl();
    const granted = 'grant' in state && (state.grant as any).answer === 'granted';
    if (granted) await control.acquire(list(0));
    control.pass(90_000);
    const answered = await control.report(state, list(0).importId);
    return { ...control, answered, report: control.reports[0] };
  }

  test.each<[string, string | undefined, object]>([
    ['imported', undefined, { import: list(0), grant: GRANT, answer: answer() }],
    ['imported with failures', undefined, { import: list(0), grant: GRANT, answer: answer({ TotalFailures: 2, Failures: ['line 3: bad'] }) }],
    ['imported with failures', undefined, { import: list(0), grant: GRANT, answer: answer({ FailedPieces: 1 }) }],
    ['imported with failures', undefined, { import: withRejects, grant: GRANT, answer: answer() }],
    ['failed', 'JobFailed', { import: list(0), grant: GRANT, answer: answer({ JobStatus: 'FAILED' }) }],
    ['failed', 'JobFailed', { import: list(0), grant: GRANT, answer: answer({ JobStatus: 'CANCELLED' }) }],
    ['failed', 'JobTimeout', { import: list(0), grant: GRANT, answer: answer({ JobStatus: 'PROCESSING' }) }],
    ['failed', 'JobTimeout', { import: list(0), grant: GRANT, answer: answer({ JobStatus: 'CONSTRUCTOR' }) }],
    ['failed', 'JobTimeout', { import: list(0), grant: GRANT, answer: answer({ JobStatus: undefined }) }],
    ['failed', 'Pinpoint.TooManyRequestsException', { import: list(0), grant: GRANT, error: { Error: 'Pinpoint.TooManyRequestsException', Cause: 'Too many requests' } }],
    ['failed', 'Pinpoint.NotFoundException', { import: list(0), grant: GRANT, answer: answer({ JobStatus: 'CREATED' }), error: { Error: 'Pinpoint.NotFoundException' } }],
    ['failed', 'UnknownColumn', { import: failedList }],
    ['failed', 'WaitedTooLong', { import: list(0), grant: { answer: 'expired' } }],
    ['failed', 'NoJob', { import: list(0), grant: GRANT }],
    ['superseded', undefined, { import: list(0), grant: { answer: 'superseded' } }],
    ['superseded', undefined, { import: { ...list(0), status: 'superseded' } }],
    ['failed', 'DeploymentError', { ...EVENT, error: { Error: 'DeploymentError', Cause: '{"errorType":"DeploymentError","errorMessage":"no access"}' } }],
  ])('%s %s (%#)', async (status, code, state) => {
    const { report, notices, answered, segment } = await reported(state);
    expect(report).toMatchObject({ version: 1, status, durationMillis: 90_000, endedAt: '2026-11-23T10:01:30.000Z' });
    expect(report.code).toBe(code);
    expect(answered).toMatchObject({ status, report: 's3://work/1' });
    expect(notices).toEqual([expect.objectContaining({ status, report: 's3://work/1' })]);
    expect(segment('VIP')?.lock).toBeUndefined();
  });

  test('in full', async () => {
    const { report } = await reported({ import: withRejects, grant: GRANT, answer: answer({ TotalFailures: 2, Failures: ['line 3: bad'] }) });
    expect(report).toEqual({
      version: 1, importId: 'list-VIP-0', segment: 'VIP', status: 'imported with failures',
      source: { bucket: 'lists', key: 'segments/VIP/list-0.csv', etag: 'e' },
      rows: { read: 10, accepted: 9, rejected: 1, reasons: { InvalidAddress: 1 }, cuts: {} },
      rejects: 's3://work/rejects',
      job: { jobId: 'job-1', status: 'COMPLETED', ended: 'completed', segmentId: 'segment-1', processed: 10, failed: 2, failures: ['line 3: bad'] },
      execution: 'list-VIP-0', startedAt: '2026-11-23T10:00:00.000Z', endedAt: '2026-11-23T10:01:30.000Z', durationMillis: 90_000,
    });
  });

  test('a duplicate leaves the report of the first alone, and is told to nobody', async () => {
    const { reports, notices, answered } = await reported({ import: { ...list(0), status: 'duplicate' } });
    expect(answered).toMatchObject({ status: 'duplicate' });
    expect([reports, notices]).toEqual([[], []]);
  });

  /** The header of a list without one is its first member. */
  test.each<[string, object]>([
    ['failures', { import: list(0), grant: GRANT, answer: answer({ TotalFailures: 1, Failures: ['ann@example.com is bad'] }) }],
    ['a column', { import: { ...failedList, reason: 'column "ann@example.com" is none' } }],
    ['an error', { import: list(0), grant: GRANT, error: { Error: 'Pinpoint.BadRequestException', Cause: 'ann@example.com is bad' } }],
  ])('an event carries no words that may name members: %s', async (_, state) => {
    const { notices, report } = await reported(state);
    expect(JSON.stringify(report)).toContain('ann@example.com');
    expect(notices).toHaveLength(1);
    expect(JSON.stringify(notices)).not.toContain('ann@example.com');
  });

  test.each([[10, 0, 'imported', undefined], [8, 2, 'imported with failures', undefined], [10, 2, 'imported with failures', undefined],
    [9, 0, 'imported with failures', 'MembersMissing'], [0, 0, 'imported with failures', 'MembersMissing'], [undefined, 0, 'imported', undefined]])(
    'of 10 members %p processed and %d failed: %s', async (TotalProcessed, TotalFailures, status, code) => {
      const { report } = await reported({ import: list(0), grant: GRANT, answer: answer({ TotalProcessed, TotalFailures }) });
      expect([report.status, report.code]).toEqual([status, code]);
    });

  test('an admission that failed halfway leaves nothing held', async () => {
    const control = givenControl();
    await control.acquire(list(0));
    await control.report({ import: list(0), error: { Error: 'RetryableError', Cause: '{"errorMessage":"Amazon S3: SlowDown"}' } }, list(0).importId);
    expect(control.segment('VIP').lock).toBeUndefined();
    expect([control.slot(0), control.slot(1)]).toEqual([{ version: 1 }, { version: 1 }]);
  });

  test('a deployment that adds slots harms no import that runs', async () => {
    const before = givenControl({ maxConcurrentJobs: 1 });
    const grant = await before.acquire(list(0));
    const after = givenControl({ maxConcurrentJobs: 10 }, before.documents);
    expect(await after.report({ import: list(0), grant, answer: answer() }, list(0).importId)).toMatchObject({ status: 'imported' });
    expect([after.slot(0), after.slot(1)]).toEqual([{ version: 1 }, null]);
  });

  describe('the id of a segment', () => {
    const LOST = { error: { Error: 'Pinpoint.NotFoundException', Cause: 'not found' } };

    async function known() {
      const control = givenControl();
      const grant = await control.acquire(list(0));
      await control.report({ import: list(0), grant, answer: answer() }, list(0).importId);
      return { control, next: await control.acquire(list(1)) };
    }

    test('is not taken from a job that failed, or every later one would ask for a segment that never was', async () => {
      const { segment } = await reported({ import: list(0), grant: GRANT, answer: answer({ JobStatus: 'FAILED' }) });
      expect(segment('VIP').segmentId).toBeUndefined();
    });

    test('is taken from a job that may yet end', async () => {
      const { segment } = await reported({ import: list(0), grant: GRANT, answer: answer({ JobStatus: 'PROCESSING' }) });
      expect(segment('VIP').segmentId).toBe('segment-1');
    });

    test('outlives a job that failed', async () => {
      const { control, next } = await known();
      await control.report({ import: list(1), grant: next, answer: answer({ JobStatus: 'FAILED' }) }, list(1).importId);
      expect(control.segment('VIP').segmentId).toBe('segment-1');
    });

    test('is forgotten with the segment', async () => {
      const { control, next } = await known();
      await control.report({ import: list(1), grant: next, ...LOST }, list(1).importId);
      expect(control.reports[1]).toMatchObject({ status: 'failed', code: 'Pinpoint.NotFoundException' });
      expect((await control.acquire(list(2))).request).not.toHaveProperty('SegmentId');
    });

    test('is kept when it is the job that is not found', async () => {
      const { control, next } = await known();
      await control.report({ import: list(1), grant: next, answer: answer({ JobStatus: 'CREATED' }), ...LOST }, list(1).importId);
      expect(control.segment('VIP').segmentId).toBe('segment-1');
    });
  });

  test('what went wrong as a whole is told by its message, not by its stack', async () => {
    const { report } = await reported({ ...EVENT, error: { Error: 'DeploymentError', Cause: '{"errorMessage":"no access","trace":["at x"]}' } });
    expect(report).toMatchObject({ reason: 'no access', segment: 'VIP', source: { bucket: 'lists', key: 'segments/VIP.csv', etag: 'e' } });
  });

  test('a late report takes nothing from the one that came after it, and still tells the id of the segment', async () => {
    const control = givenControl({ maxConcurrentJobs: 1 });
    const grant = await control.acquire(list(0));
    control.pass(3 * HOUR);
    await control.acquire(list(1));
    await control.report({ import: list(0), grant, answer: answer() }, list(0).importId);
    expect(control.segment('VIP')).toMatchObject({ lock: { execution: list(1).importId }, segmentId: 'segment-1' });
    expect(JSON.parse(control.documents.stored.get(slotKey(0))!).holder.execution).toBe(list(1).importId);
  });

  test('twice is the same as once', async () => {
    const control = givenControl();
    const grant = await control.acquire(list(0));
    const state = { import: list(0), grant, answer: answer() };
    expect(await control.report(state, list(0).importId)).toMatchObject({ status: 'imported' });
    expect(await control.report(state, list(0).importId)).toMatchObject({ status: 'imported' });
    expect(control.segment('VIP')).toMatchObject({ segmentId: 'segment-1', order: list(0).order });
  });

  test.each([[undefined], [{}], [{ action: 'other' }]])('an input of another form is refused: %j', async (input) => {
    await expect(givenControl().handler(input as never)).rejects.toThrow('`action` must be acquire or report');
  });
});
