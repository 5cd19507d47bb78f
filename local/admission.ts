import { FaultPlan, Fault } from './faults';
import { isAllowed, Statement } from './iam/policy';
import { Quota } from './quota';
import { Recorder } from './recorder';
import { EmulatedService, RequiredPermission, ServiceCall, ServiceRequest, ServiceResponse } from './services/service';

export interface AdmissionOptions {
  readonly service: EmulatedService;
  readonly recorder: Recorder;
  /** All statements of the role's policies, intrinsics resolved. */
  readonly statementsOf: (roleId: string) => readonly Statement[];
  readonly faults?: FaultPlan;
  /** Left out: no rate is enforced. */
  readonly quota?: Quota;
  /** Condition keys of every request, such as `aws:PrincipalAccount`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** `hold`: the answer never comes; `reset`: the connection is broken. */
export type Answer = ServiceResponse | 'hold' | 'reset';

export interface Outcome {
  readonly answer: Answer;
  readonly construct: string;
  readonly operation: string;
  readonly items: number;
}

/** The local wire stands for TLS, so policies that refuse plain HTTP must let it pass. */
const ALWAYS = { 'aws:SecureTransport': 'true' } as const;

const UNKNOWN = 'unknown';

/** Names for a service that has none of its own for a status. */
const GENERAL_CODES: Readonly<Record<number, string>> = { 429: 'ThrottlingException', 501: 'NotImplemented', 503: 'ServiceUnavailable' };

/** Decides about a request in the order AWS does: is it ours, may the caller, is the service up, is there quota left; then it is done. */
export class Admission {
  public constructor(private readonly options: AdmissionOptions) {}

  public async outcome(request: ServiceRequest): Promise<Outcome> {
    const { construct } = request.caller;
    try {
      const call = this.options.service.route(request);
      if (!call) return this.refuse(request, construct);
      return { construct, operation: call.operation, items: call.items, answer: await this.admit(request, call) };
    } catch (error) {
      // A policy that we can't evaluate or a bug of ours: the run must not go on as if the service had answered.
      this.options.recorder.errors.push(error instanceof Error ? error : new Error(String(error)));
      return { construct, operation: nameOf(request), items: 0, answer: this.error(501, String(error)) };
    }
  }

  public unknownCaller(request: Omit<ServiceRequest, 'caller'>): Outcome {
    const message = 'The security token included in the request is invalid.';
    const answer = this.options.service.error('UnrecognizedClientException', 403, message);
    return { construct: UNKNOWN, operation: nameOf(request), items: 0, answer };
  }

  public malformed(): Outcome {
    return { construct: UNKNOWN, operation: UNKNOWN, items: 0, answer: this.error(400, 'the path is not valid percent-encoding') };
  }

  private refuse(request: ServiceRequest, construct: string): Outcome {
    const { service, recorder } = this.options;
    const operation = service.operationOf?.(request) ?? nameOf(request);
    recorder.refused.push({ construct, service: service.name, operation });
    const message = `${service.name} ${operation} is not emulated by the local run`;
    return { construct, operation, items: 0, answer: this.error(501, message) };
  }

  private async admit(request: ServiceRequest, call: ServiceCall): Promise<Answer> {
    const denied = call.permissions.filter((permission) => !this.mayCall(request, permission));
    if (denied.length > 0) return this.deny(request, denied);
    const fault = this.options.faults?.take(call.operation);
    if (fault && fault.kind !== 'item') return this.injected(fault);
    if (this.options.quota?.take(call.operation) === false) return this.error(429, 'Too Many Requests');
    return call.handle(fault?.status);
  }

  private mayCall({ caller }: ServiceRequest, { action, resource, context }: RequiredPermission): boolean {
    if (caller.roleId === undefined) return true;
    return isAllowed(this.options.statementsOf(caller.roleId), { action, resource, context: { ...ALWAYS, ...this.options.context, ...context } });
  }

  private deny({ caller }: ServiceRequest, denied: readonly RequiredPermission[]): ServiceResponse {
    this.options.recorder.denied.push(...denied.map(({ action, resource }) => ({ construct: caller.construct, action, resource })));
    const { action, resource } = denied[0]!;
    const message = `User: ${caller.construct} is not authorized to perform: ${action} on resource: ${resource}`;
    return this.options.service.error('AccessDeniedException', 403, message);
  }

  private injected(fault: Exclude<Fault, { kind: 'item' }>): Answer {
    switch (fault.kind) {
      case 'timeout': return 'hold';
      case 'reset': return 'reset';
      case 'empty': return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
      case 'status': return this.error(fault.status, this.options.service.faultMessages?.[fault.status] ?? 'injected by --faults');
    }
  }

  private error(status: number, message: string): ServiceResponse {
    const { service } = this.options;
    const code = service.codes?.[status] ?? GENERAL_CODES[status] ?? (status < 500 ? 'BadRequest' : 'InternalFailure');
    return service.error(code, status, message);
  }
}

function nameOf(request: Omit<ServiceRequest, 'caller'>): string {
  return request.headers['x-amz-target'] ?? `${request.method} ${request.path}`;
}
