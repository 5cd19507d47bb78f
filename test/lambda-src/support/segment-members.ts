import { memoryDocuments } from './segment-import';
import { failureOf } from '../../../lambda-src/endpoint-targets/customer-profiles/api';
import { Rejection } from '../../../lambda-src/runtime/errors';
import { OutOfTime } from '../../../lambda-src/runtime/pace';
import type { ReadyImport } from '../../../lambda-src/segment-import/import-document';
import { RetryableError } from '../../../lambda-src/segment-import/s3-error';
import { createMembers } from '../../../lambda-src/segment-members/core';
import type { MemberFiles } from '../../../lambda-src/segment-members/member-files';
import type { MembershipApi } from '../../../lambda-src/segment-members/membership';
import { customerKeyHeaders } from '../../../lambda-src/segment-members/send-file';
import type { UploadJob, UploadJobs } from '../../../lambda-src/segment-members/upload-jobs';
import type { Progress } from '../../../lambda-src/segment-targets/customer-profiles/jobs';
import { Domain } from '../../../local/services/customer-profiles/domain';
import { ProfilesError } from '../../../local/services/customer-profiles/errors';
import { UploadJobs as EmulatedJobs } from '../../../local/services/customer-profiles/upload-jobs';
import type { SegmentMembersConfig } from '../../../src/contract/segment-members';
import type { CustomerProfilesSegmentTargetConfig } from '../../../src/contract/segment-target';

export const PROFILE_SEGMENTS: CustomerProfilesSegmentTargetConfig = {
  kind: 'customerProfiles', domainName: 'amazon-connect-shop', objectType: 'CdpSegmentMember', segments: ['VIP', 'Gold'], maxMembers: 1000, requestsPerSecond: 50,
};

export type Fault = 'throttled' | 'concurrent' | 'refused' | 'denied' | 'late' | 'lost' | 'none';

const ERRORS: Readonly<Partial<Record<Fault, () => Error>>> = {
  throttled: () => answer('ThrottlingException', 429),
  concurrent: () => answer('BadRequestException', 400, 'There is a concurrent update in-progress for this profile'),
  refused: () => answer('BadRequestException', 400, 'Object is not valid'),
  denied: () => answer('AccessDeniedException', 403),
};

export function answer(name: string, status: number, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** The function over the strict emulated domain. Each call of the service meets the next of `faults`, or what `always` has for it. */
export function givenMembers(config: Partial<SegmentMembersConfig> = {}) {
  let clock = 0;
  const domain = new Domain('amazon-connect-shop', () => clock += 1000);
  const field = (name: string, target?: string) => ({ name, source: `_source.${name}`, target, contentType: 'STRING' });
  domain.putObjectType({
    name: 'CdpSegmentMember', description: 'members', allowProfileCreation: true, expirationDays: 30,
    fields: [
      field('userId', '_profile.AccountNumber'), field('membershipId'), field('segment'),
      ...PROFILE_SEGMENTS.segments.map((name) => field(`Segment_${name}`, `_profile.Attributes.Segment_${name}`)),
    ],
    keys: [
      { name: 'cdpMembershipId', fieldNames: ['membershipId'], identifiers: ['UNIQUE'] }, { name: 'cdpUserId', fieldNames: ['userId'], identifiers: ['PROFILE'] },
    ],
  });
  for (const name of PROFILE_SEGMENTS.segments) domain.putSegment({ name, displayName: name, attributes: { [`Segment_${name}`]: ['member'] } });

  const faults: Fault[] = [];
  const always = new Map<RegExp, Fault>();
  const calls: string[] = [];
  const call = <T>(name: string, work: () => T): T => {
    calls.push(name);
    const fault = [...always].find(([pattern]) => pattern.test(name))?.[1] ?? faults.shift() ?? 'none';
    if (fault === 'late') {
      api.deadline = 0;
      throw new OutOfTime();
    }
    if (Object.hasOwn(ERRORS, fault)) throw ERRORS[fault]!();
    const result = work();
    if (fault === 'lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return result;
  };
  const api: MembershipApi = {
    deadline: 0,
    putObject: async (type, object) => call(`put ${JSON.parse(object).userId} ${Object.values(JSON.parse(object))[3]}`, () => void domain.putObject(type, object)),
    profilesOf: async (userId) => call(`search ${userId}`, () => domain.search('cdpUserId', [userId])),
  };

  const outcomes: string[] = [];
  const emulated = new EmulatedJobs(domain, () => clock += 1000, () => outcomes.shift());
  const refused = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw error instanceof ProfilesError ? new Rejection(error.name, error.message) : error;
    }
  };
  /** Faults as the adapter sorts them. */
  const uploadCall = <T>(name: string, work: () => T): T => {
    try {
      return call(name, () => refused(work));
    } catch (error) {
      if (error instanceof Rejection || error instanceof OutOfTime || error instanceof RetryableError) throw error;
      const failure = failureOf(error);
      throw failure.kind === 'retry' ? new RetryableError(failure.code) : new Rejection(failure.code, failure.reason);
    }
  };
  const sent: string[] = [];
  const jobs: UploadJobs = {
    deadline: 0,
    create: async (request) => uploadCall('create', () => emulated.create({ DomainName: 'amazon-connect-shop', ...request })),
    path: async (jobId) => uploadCall('path', () => emulated.path(jobId, (path) => `http://files/${jobId}/${path}`) as { Url: string; ClientToken: string }),
    send: async ({ Url, ClientToken }, { pieces, length }) => {
      let text = '';
      for await (const piece of pieces) text += piece;
      sent.push(text);
      const [, , , jobId, path] = Url!.split('/');
      const headers = Object.fromEntries(Object.entries(customerKeyHeaders(ClientToken)).map(([name, value]) => [name.toLowerCase(), value]));
      uploadCall('send', () => {
        const status = emulated.put(jobId, path, { ...headers, 'content-length': String(length) }, Buffer.from(text));
        if (status !== 200) throw new RetryableError(`Http${status}`);
      });
    },
    start: async (jobId) => uploadCall('start', () => emulated.start(jobId)),
    get: async (jobId) => uploadCall('get', () => goneJobs.has(jobId) ? undefined : emulated.get(jobId) as UploadJob),
    stop: async (jobId) => uploadCall('stop', () => emulated.stop(jobId)),
  };
  const goneJobs = new Set<string>();

  const stored = new Map<string, string[]>();
  const files: MemberFiles = {
    readFolder: async function* (url) { yield* stored.get(url)!; },
    read: async function* (key) {
      if (!stored.has(key)) throw new Error(`AccessDenied: ${key}`);
      yield* stored.get(key)!;
    },
    write: async (key, values) => {
      stored.set(key, [...values].map((value) => typeof value === 'string' ? value : JSON.stringify(value)));
      return `s3://work/w/${key}`;
    },
    remove: async (key) => {
      if (removals.shift() === 'failed') throw new Error('SlowDown');
      stored.delete(key);
    },
  };
  const removals: string[] = [];
  const documents = memoryDocuments();
  const write = createMembers({
    config: { version: 1, instance: 'Stack/Lists', work: { bucketName: 'work', prefix: 'w' }, target: PROFILE_SEGMENTS, maxFailures: 1000, ...config },
    api, jobs, documents, files, logger: { info: () => undefined },
  });

  let imports = 0;
  const prepared = (users: readonly string[], segment = 'VIP'): ReadyImport => {
    const importId = `import-${imports += 1}`;
    const url = `s3://work/w/prepared/${importId}/`;
    stored.set(url, [...users]);
    return {
      status: 'ready', importId, segment, order: { time: '2026-11-23T10:00:00Z', key: 'k', sequencer: '61' }, source: { bucket: 'lists', key: 'k', etag: 'e' },
      format: 'CSV', url, files: 1, bytes: 1, rows: { accepted: users.length, rejected: 0, reasons: {}, cuts: {} },
    };
  };
  /** One invocation. */
  const round = async (list: ReadyImport, before?: Progress, deadline = new Date(Date.now() + 3_600_000).toISOString()) =>
    write({ import: list, deadline, ...before && { answer: before } }, 900_000);
  return {
    domain, faults, always, calls, outcomes, sent, goneJobs, jobs, stored, removals, prepared, round,
    document: () => JSON.parse([...documents.stored.values()][0]),
    tamper: (change: (document: object) => object) => {
      for (const [key, text] of documents.stored) documents.stored.set(key, JSON.stringify(change(JSON.parse(text))));
    },
    copies: () => [...stored.keys()].filter((key) => key.startsWith('state/members/')).length,
    members: (segment = 'VIP') => {
      domain.settle(Infinity);
      return domain.segments().find(({ name }) => name === segment)!.members;
    },
    /** As the state machine does it: round after round. */
    import: async (users: readonly string[], segment = 'VIP') => {
      const list = prepared(users, segment);
      let progress = await round(list);
      while (progress.status === 'WRITING') progress = await round(list, progress);
      return progress;
    },
  };
}
