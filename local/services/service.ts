/** What every emulated service is to the gateway, and what the gateway tells it about a call. */

/** Who signed the request: resolved from the fake access key in its Authorization header. */
export interface Caller {
  readonly accessKeyId: string;
  /** Construct path of the function, state machine or role whose credentials were used; `local` for the run itself. */
  readonly construct: string;
  /** Logical id of the IAM role that decides; undefined for the run itself, which may do everything. */
  readonly roleId?: string;
}

export interface ServiceRequest {
  readonly caller: Caller;
  readonly method: string;
  /** Decoded path, without the query string. */
  readonly path: string;
  /** The path as sent: a label may contain an encoded slash, and a proxy must pass on what it got. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One permission that a call needs; all of them must be allowed. */
export interface RequiredPermission {
  readonly action: string;
  readonly resource: string;
  /** Condition keys the service would set, such as `s3:prefix`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A call as the gateway sees it once the service has read the route. */
export interface ServiceCall {
  readonly operation: string;
  readonly permissions: readonly RequiredPermission[];
  /** How many items the request carries, for the report. */
  readonly items: number;
  /** `itemStatus` is an injected per-item result: the first item of the answer gets it and is not stored. */
  handle(itemStatus?: number): Promise<ServiceResponse>;
}

export interface EmulatedService {
  /** Lower-case name as in `AWS_ENDPOINT_URL_<NAME>` and in the report. */
  readonly name: string;
  /** This service's error code per HTTP status, for injected faults; what is missing gets a general name. */
  readonly codes?: Readonly<Record<number, string>>;
  /** What it says of an injected fault by its status, where its callers read more than the code. */
  readonly faultMessages?: Readonly<Record<number, string>>;
  /** Reads the route; undefined when the operation is not emulated (the gateway answers 501 by name). */
  route(request: ServiceRequest): ServiceCall | undefined;
  /** The service's name for an operation that is not emulated, for the 501. */
  operationOf?(request: ServiceRequest): string | undefined;
  /** An error answer in this service's wire format, for IAM denials, faults and quotas. */
  error(code: string, status: number, message: string): ServiceResponse;
  close?(): Promise<void>;
}
