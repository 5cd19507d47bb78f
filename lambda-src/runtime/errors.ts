/** The message can't be used as it is, now or later: it becomes a dead letter with this code and reason. */
export class Rejection extends Error {
  public constructor(public readonly code: string, reason: string) {
    super(reason);
    this.name = 'Rejection';
  }
}

/** The deployment is wrong (permission, application id …): nothing can succeed, so the invocation fails loudly and is retried. */
export class DeploymentError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'DeploymentError';
  }
}
