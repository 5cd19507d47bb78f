import type { Answer, Item } from '../destinations/destination';
import { isObject, scalar } from '../mapping/values';
import { DONE, dropped, Outcome, rejected, retry } from '../model';
import { answerOf, clientOptions } from './aws';
import { lazy } from '../runtime/dead-letters';
import { before } from '../runtime/deadline';

/** Version of the request that a function gets: `{ version, events }`, the events as in lambda-src/engagement.ts. */
export const FUNCTION_REQUEST_VERSION = 1;

/** What a function answers: a result for each event, in any order. An event without one is sent again. */
export interface FunctionResponse {
  readonly results: readonly {
    readonly id: string;
    readonly status: 'done' | 'dropped' | 'rejected' | 'retry';
    readonly reason?: string;
  }[];
}

const loadLambda = () => import('@aws-sdk/client-lambda');

/** What an invocation answers as text, or what became of it. */
export type Invoked = { readonly kind: 'answered'; readonly text: string } | Answer;
export type Invoke = (payload: string, deadline: number) => Promise<Invoked>;

export function functionInvoker(FunctionName: string, load: typeof loadLambda = loadLambda): Invoke {
  const start = lazy(async () => {
    const { InvokeCommand, LambdaClient } = await load();
    // A function of the user's own may take its time: invoked again while it still runs, it would see its events twice.
    return { client: new LambdaClient(clientOptions()), InvokeCommand };
  });
  return async (payload, deadline) => {
    const { client, InvokeCommand } = await start();
    try {
      const command = new InvokeCommand({ FunctionName, InvocationType: 'RequestResponse', Payload: Buffer.from(payload) });
      const { FunctionError, Payload } = await before(deadline, (abortSignal) => client.send(command, { abortSignal }));
      if (FunctionError) return { kind: 'retry', code: `FunctionError${FunctionError}` };
      return { kind: 'answered', text: Payload ? Buffer.from(Payload).toString('utf8') : '' };
    } catch (error) {
      return answerOf(error, 'AWS Lambda');
    }
  };
}

export function functionTransport(FunctionName: string, load: typeof loadLambda = loadLambda) {
  const invoke = functionInvoker(FunctionName, load);
  return async (items: readonly Item[], payload: string, deadline: number): Promise<Answer> => {
    const invoked = await invoke(payload, deadline);
    return invoked.kind === 'answered' ? { kind: 'each', outcomes: outcomesOf(items, invoked.text) } : invoked;
  };
}

function outcomesOf(items: readonly Item[], payload: string): Outcome[] {
  const byId = new Map(resultsOf(payload).map((result) => [result.id, result]));
  return items.map(({ id }) => outcomeOf(byId.get(id)));
}

function resultsOf(payload: string): Record<string, unknown>[] {
  try {
    const answer: unknown = JSON.parse(payload);
    return isObject(answer) && Array.isArray(answer.results) ? answer.results.filter(isObject) : [];
  } catch {
    return [];
  }
}

function outcomeOf(result: Record<string, unknown> | undefined): Outcome {
  const reason = scalar(result?.reason);
  if (result?.status === 'done') return DONE;
  if (result?.status === 'dropped') return dropped(reason ?? 'ByFunction');
  if (result?.status === 'rejected') return rejected('RejectedByFunction', reason ?? '');
  return retry(result?.status === 'retry' ? 'RetryByFunction' : 'NoResult');
}
