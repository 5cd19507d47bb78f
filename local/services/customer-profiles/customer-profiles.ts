import { randomUUID } from 'node:crypto';
import type { CreateUploadJobRequest, Profile } from '@aws-sdk/client-customer-profiles';
import { arn } from '../../environment';
import { Quota } from '../../quota';
import { matchRoute, Route } from '../sdk-model';
import { EmulatedService, RequiredPermission, ServiceCall, ServiceRequest, ServiceResponse } from '../service';
import { Validator } from '../validate';
import { Domain } from './domain';
import { BadRequest, MODEL, NotFound, ProfilesError } from './errors';
import { SegmentContent } from './segment';
import { UploadJobs } from './upload-jobs';

type Body = Readonly<Record<string, unknown>>;

/** What a domain holds, for the report. */
export interface DomainContent {
  readonly profiles: readonly Profile[];
  /** By type; of an object that was put again, the newest. */
  readonly objects: Readonly<Record<string, readonly object[]>>;
  readonly segments: readonly SegmentContent[];
}

interface Operation {
  /** Object type that is checked beside the domain. */
  readonly objectType?: (body: Body) => string;
  readonly run: (domain: Domain, body: Body, upload: UploadCall) => unknown;
}

/** What an operation on upload jobs needs beside its body. */
interface UploadCall {
  readonly jobs: UploadJobs;
  readonly jobId: string;
  /** A presigned URL of the caller's for a path of the job. */
  readonly urlOf: (path: string) => string;
}

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_PutProfileObject.html */
const MAX_OBJECT_LENGTH = 256_000;
/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_SearchProfiles.html */
const MAX_KEY_LENGTH = 255;

/** @see https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_BatchGetProfile.html; the codes of its errors are not documented. */
const MAX_PROFILE_IDS = 20;
const PROFILE_ID = /^[a-f0-9]{32}$/;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  PutProfileObject: {
    objectType: ({ ObjectTypeName }) => String(ObjectTypeName),
    run: (domain, { ObjectTypeName, Object: object }) => {
      checkLength('Object', String(object), MAX_OBJECT_LENGTH);
      return { ProfileObjectUniqueKey: domain.putObject(String(ObjectTypeName), String(object)) };
    },
  },
  SearchProfiles: {
    run: (domain, { KeyName, Values }) => {
      const values = Values as string[];
      if (values.length === 0) throw new BadRequest('Values is empty');
      values.forEach((value) => checkLength('Values', value, MAX_KEY_LENGTH));
      return { Items: domain.search(String(KeyName), values) };
    },
  },
  BatchGetProfile: {
    run: (domain, { ProfileIds }) => {
      const ids = ProfileIds as string[];
      if (ids.length < 1 || ids.length > MAX_PROFILE_IDS) throw new BadRequest(`ProfileIds has 1 to ${MAX_PROFILE_IDS} ids, got ${ids.length}`);
      const strange = ids.find((id) => !PROFILE_ID.test(id));
      if (strange !== undefined) throw new BadRequest(`ProfileIds: ${strange} is no id of a profile`);
      const Profiles = domain.get(ids);
      const missing = ids.filter((id) => !Profiles.some(({ ProfileId }) => ProfileId === id));
      return { Profiles, Errors: missing.map((ProfileId) => ({ Code: '404', Message: 'the profile does not exist', ProfileId })) };
    },
  },
  DeleteProfile: {
    run: (domain, { ProfileId }) => {
      domain.delete(String(ProfileId));
      return { Message: 'the profile was deleted' };
    },
  },
  CreateUploadJob: { run: (_, body, { jobs }) => ({ JobId: jobs.create(body as unknown as CreateUploadJobRequest) }) },
  GetUploadJobPath: { run: (_, __, { jobs, jobId, urlOf }) => jobs.path(jobId, urlOf) },
  StartUploadJob: { run: (_, __, { jobs, jobId }) => jobs.start(jobId) },
  GetUploadJob: { run: (_, __, { jobs, jobId }) => jobs.get(jobId) },
  StopUploadJob: { run: (_, __, { jobs, jobId }) => jobs.stop(jobId) },
};

/** What a presigned URL of a job leads to; in AWS it is a bucket of the service's. */
const PUT_FILE = 'PutUploadFile';
const FILE_PATH = /^\/upload-files\/([^/]+)\/([^/]+)$/;

/** The names that `--faults` may use for this service. */
export const PROFILES_OPERATIONS: readonly string[] = [...Object.keys(OPERATIONS), PUT_FILE];

/** Requests per second of each operation. @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
export const profilesQuota = (now?: () => number): Quota => new Quota({}, { perSecond: 100 }, now);

const validator = new Validator({ enumOf: (member) => MODEL.enumOf(member), refuse: (message) => new BadRequest(message) });

/** Amazon Connect Customer Profiles, strict: what the model and the documentation don't allow is refused. */
export class CustomerProfiles implements EmulatedService {
  public readonly name = 'customer_profiles';
  public readonly codes = { ...MODEL.exceptions, 429: 'ThrottlingException' };
  /** The one 400 that callers wait out, as AWS's own code (aws-amplify/amplify-backend) quotes it. */
  public readonly faultMessages = { 400: 'There is a concurrent update in-progress for this profile' };
  public readonly domains = new Map<string, Domain>();
  /** The next injected outcome of an upload job: FAILED, failures or stuck. */
  public outcome?: () => string | undefined;
  private readonly uploads = new Map<string, UploadJobs>();

  public constructor(private readonly now: () => number = () => performance.now()) {}

  /** A domain that no stack of the app makes exists already. */
  public domain(name: string): Domain {
    const domain = this.domains.get(name) ?? new Domain(name, this.now);
    this.domains.set(name, domain);
    if (!this.uploads.has(name)) this.uploads.set(name, new UploadJobs(domain, this.now, () => this.outcome?.()));
    return domain;
  }

  /** Objects that were taken and led nowhere. */
  public get problems(): string[] {
    return [...this.domains.values()].flatMap(({ name, rejected }) => rejected.map(({ objectType, reason }) => `domain ${name}: an object ${objectType} was rejected: ${reason}`));
  }

  /** In the end everything is visible. */
  public content(): Record<string, DomainContent> {
    return Object.fromEntries([...this.domains].map(([name, domain]) => {
      domain.settle(Infinity);
      this.uploads.get(name)!.settle(Infinity);
      return [name, { profiles: [...domain.profiles.values()], objects: domain.objects(), segments: domain.segments() }];
    }));
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const { method, rawPath, body } = request;
    const file = method === 'PUT' ? FILE_PATH.exec(rawPath) : undefined;
    if (file) return this.putFile(file[1]!, file[2]!, request);
    const route = matchRoute(MODEL.operations, method, rawPath);
    const operation = route && Object.hasOwn(OPERATIONS, route.schema.name) ? OPERATIONS[route.schema.name] : undefined;
    if (!route || !operation) return undefined;
    const parsed = parseBody(body);
    return {
      operation: route.schema.name,
      permissions: permissions(route, operation, parsed),
      items: 1,
      handle: async () => this.answer(route, operation, parsed, request),
    };
  }

  public operationOf({ method, rawPath }: ServiceRequest): string | undefined {
    return matchRoute(MODEL.operations, method, rawPath)?.schema.name;
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    return respond(status, { Message: message }, { 'x-amzn-errortype': code });
  }

  /** The URL says who may, as it was signed when the service made it. */
  private putFile(domainName: string, jobId: string, { query, headers, body }: ServiceRequest): ServiceCall {
    const put = () => this.uploads.get(domainName)?.put(jobId, query.get('path'), headers, body) ?? 404;
    return { operation: PUT_FILE, permissions: [], items: 1, handle: async () => ({ status: put() }) };
  }

  private answer({ schema, labels }: Route, { run }: Operation, parsed: unknown, { headers, caller }: ServiceRequest): ServiceResponse {
    const { DomainName = '', JobId: jobId = '' } = labels;
    try {
      const body = schema.body.length === 0 ? {} : parsed;
      validator.structure(schema.body, body, schema.name);
      const [domain, jobs] = [this.domains.get(DomainName), this.uploads.get(DomainName)];
      if (!domain || !jobs) throw new NotFound(`the domain ${DomainName}`);
      const urlOf = (path: string) => `http://${headers.host}/upload-files/${DomainName}/${jobId}?path=${path}&X-Amz-Credential=${caller.accessKeyId}%2Flocal`;
      return respond(schema.status, run(domain, body as Body, { jobs, jobId, urlOf }) ?? {});
    } catch (error) {
      if (!(error instanceof ProfilesError)) throw error;
      return this.error(error.name, error.status, error.message);
    }
  }
}

/** The domain, and where an object is put its type as well.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonconnectcustomerprofiles.html */
function permissions({ schema, labels }: Route, { objectType }: Operation, body: unknown): RequiredPermission[] {
  const domain = `domains/${labels.DomainName}`;
  const resources = [domain, ...objectType && isBody(body) ? [`${domain}/object-types/${objectType(body)}`] : []];
  return resources.map((resource) => ({ action: `profile:${schema.name}`, resource: arn('profile', resource) }));
}

const isBody = (body: unknown): body is Body => typeof body === 'object' && body !== null;

function checkLength(member: string, value: string, most: number): void {
  if (value.length < 1 || value.length > most) throw new BadRequest(`${member} has 1 to ${most} characters, got ${value.length}`);
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function respond(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers }, body: JSON.stringify(body) };
}
