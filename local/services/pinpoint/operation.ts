import { App } from './app';
import type { ImportAccess } from './import-jobs';
import { RequiredPermission } from '../service';

/** The `{Labels}` of the route, decoded. */
export type Labels = Readonly<Record<string, string>>;

export interface OperationCall {
  readonly app: App;
  readonly labels: Labels;
  /** Checked against the schema of the operation's body. */
  readonly payload: unknown;
  readonly bytes: number;
  /** An injected result for the first item. */
  readonly itemStatus?: number;
  /** For imports: what the service reads with the role that it is given. */
  readonly access?: ImportAccess;
}

/** What the model doesn't tell about an operation; route, body and status come from the SDK's schema. */
export interface Operation {
  /** What follows `apps/<id>` in the ARN of the resource that IAM checks. */
  readonly resource: (labels: Labels) => string;
  /** How many items the body carries; it is not checked yet. Left out: one. */
  readonly items?: (body: unknown) => number;
  /** What it needs besides the permission for itself; the body is not checked yet. */
  readonly permissions?: (body: unknown) => RequiredPermission[];
  /** Returns the body of the answer. */
  readonly run: (call: OperationCall) => unknown;
}

export type Operations = Readonly<Record<string, Operation>>;
