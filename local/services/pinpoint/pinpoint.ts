import { EmulatedService, RequiredPermission, ServiceCall, ServiceRequest, ServiceResponse } from '../service';
import { App } from './app';
import { APP_OPERATIONS } from './apps';
import { ENDPOINT_OPERATIONS } from './endpoints';
import { BadRequest, errorResponse, json, NotFound, PinpointError } from './errors';
import { EVENT_OPERATIONS } from './events';
import { IMPORT_OPERATIONS, ImportAccess } from './import-jobs';
import { Operation, Operations } from './operation';
import { MODEL } from './schema';
import { validate } from './validate';
import { matchRoute, Member, Route } from '../sdk-model';

export interface PinpointOptions {
  readonly region: string;
  readonly account: string;
  readonly partition?: string;
  readonly now?: () => Date;
}

/** What is emulated: one group of operations a file. */
const REGISTRY: Operations = { ...APP_OPERATIONS, ...ENDPOINT_OPERATIONS, ...EVENT_OPERATIONS, ...IMPORT_OPERATIONS };

/** The names that `--faults` may use for this service. */
export const PINPOINT_OPERATIONS: readonly string[] = Object.keys(REGISTRY);

/** Amazon Pinpoint, strict: what the model and the documentation don't allow is refused. */
export class Pinpoint implements EmulatedService {
  public readonly name = 'pinpoint';
  public readonly codes = MODEL.exceptions;
  public readonly apps = new Map<string, App>();

  /** Import jobs read Amazon S3; set when there is one. */
  public access?: ImportAccess;

  public constructor(private readonly options: PinpointOptions) {}

  public createApp(id: string, name = id): App {
    const app = new App({ id, name, arn: this.arn(id), now: this.options.now ?? (() => new Date()) });
    this.apps.set(id, app);
    return app;
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    const route = matchRoute(MODEL.operations, request.method, request.rawPath);
    const operation = route && Object.hasOwn(REGISTRY, route.schema.name) ? REGISTRY[route.schema.name] : undefined;
    if (!route || !operation) return undefined;
    const body = parseBody(request.body);
    return {
      operation: route.schema.name,
      permissions: [this.permission(route, operation), ...operation.permissions?.(body) ?? []],
      items: countItems(operation, body),
      handle: async (itemStatus) => this.answer(route, operation, { body, bytes: request.body.length, itemStatus }),
    };
  }

  public operationOf({ method, rawPath }: ServiceRequest): string | undefined {
    return matchRoute(MODEL.operations, method, rawPath)?.schema.name;
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    return errorResponse(code, status, message);
  }

  private permission({ schema, labels }: Route, operation: Operation): RequiredPermission {
    return { action: `mobiletargeting:${schema.name}`, resource: this.arn(`${labels.ApplicationId}${operation.resource(labels)}`) };
  }

  private arn(rest: string): string {
    const { partition = 'aws', region, account } = this.options;
    return `arn:${partition}:mobiletargeting:${region}:${account}:apps/${rest}`;
  }

  private answer({ schema, labels }: Route, operation: Operation, received: Received): ServiceResponse {
    try {
      if (schema.payload) checkPayload(schema.payload, received.body);
      const app = this.apps.get(labels.ApplicationId ?? '');
      if (!app) throw new NotFound(`application ${labels.ApplicationId}`);
      const { body: payload, bytes, itemStatus } = received;
      return json(schema.status, operation.run({ app, labels, payload, bytes, itemStatus, access: this.access }));
    } catch (error) {
      if (!(error instanceof PinpointError)) throw error;
      return errorResponse(error.name, error.status, error.message);
    }
  }
}

interface Received {
  /** Undefined when there is none or when it is not JSON. */
  readonly body: unknown;
  readonly bytes: number;
  readonly itemStatus?: number;
}

function checkPayload(payload: Member, body: unknown): void {
  if (body === undefined) throw new BadRequest(`${payload.name}: missing, or not JSON`);
  validate(payload.shape(), body, payload.name);
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The count is for the report and comes before the check of the body, so a body of any form must do. */
function countItems(operation: Operation, body: unknown): number {
  if (!operation.items) return 1;
  return typeof body === 'object' && body !== null ? operation.items(body) : 0;
}
