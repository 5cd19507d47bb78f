import { arnMatches } from '../iam/match';

/** A statement of a function's resource policy. */
export interface Permission {
  readonly functionName: string;
  readonly action: string;
  readonly principal: string;
  readonly sourceAccount?: string;
  readonly sourceArn?: string;
}

/** A service that wants to invoke a function, and on whose behalf. */
export interface ServiceCaller {
  readonly functionName: string;
  readonly principal: string;
  readonly sourceAccount: string;
  readonly sourceArn: string;
}

/** Whether one of the statements lets the service invoke the function. */
export function mayInvoke(permissions: readonly Permission[], caller: ServiceCaller): boolean {
  return permissions.some(({ functionName, action, principal, sourceAccount, sourceArn }) =>
    functionName === caller.functionName && action === 'lambda:InvokeFunction' && principal === caller.principal
    && (sourceAccount === undefined || sourceAccount === caller.sourceAccount)
    && (sourceArn === undefined || arnMatches(sourceArn, caller.sourceArn)));
}
