import { randomBytes } from 'node:crypto';
import { Caller } from '../services/service';

export interface KeyOwner {
  /** Construct path for the report; `local` for the run itself. */
  readonly construct: string;
  /** Logical id of the role whose policies decide; left out for the run itself, which may do everything. */
  readonly roleId?: string;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** `Credential=<access key id>/<date>/<region>/<service>/aws4_request`; SigV4a has no region, hence only the first part is read. */
const CREDENTIAL = /\bCredential=([^/,\s]+)\//;

/** Fake access keys: one per owner, so that a request tells whose policies decide. */
export class Keys {
  private readonly owners = new Map<string, KeyOwner>();

  public issue(owner: KeyOwner): AccessKey {
    // As long as a real one (20 characters), and impossible to mistake for a real one.
    const accessKeyId = `AKIALOCAL${String(this.owners.size + 1).padStart(11, '0')}`;
    this.owners.set(accessKeyId, { ...owner });
    return { accessKeyId, secretAccessKey: randomBytes(30).toString('base64') };
  }

  /** From the Authorization header, or from a presigned URL; undefined for an unsigned request or a key that we did not issue. */
  public callerOf(headers: Headers, query: URLSearchParams): Caller | undefined {
    const accessKeyId = CREDENTIAL.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential')?.split('/')[0];
    const owner = accessKeyId === undefined ? undefined : this.owners.get(accessKeyId);
    return owner && accessKeyId !== undefined ? { accessKeyId, ...owner } : undefined;
  }
}
