import type { Format, Translated, Untranslated } from './index';
import { segment } from './segment';
import type { FunctionFormatConfig } from '../../src/contract/cdp-format';
import { isObject, scalar } from '../mapping/values';
import { dropped, Outcome, rejected, retry } from '../model';
import { FUNCTION_REQUEST_VERSION, functionInvoker, Invoke } from '../transports/function';

/** A synchronous invocation takes 6 MB. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD_BYTES = 6_000_000;
/** The version, the brackets, and the comma of each message are less than this and one byte a message. */
const ENVELOPE_BYTES = 64;

interface Asked {
  readonly index: number;
  readonly id: string;
  readonly text: string;
}

/** The user's own function, which answers in the Segment spec. It is asked in order; after an invocation that failed nothing more is. */
export function functionFormat({ functionArn, maxBatchSize }: FunctionFormatConfig, invoke: Invoke = functionInvoker(functionArn)): Format {
  return {
    split: (body) => [body],
    read: segment.read,
    translate: async (messages, deadline) => {
      const translated: (Translated | undefined)[] = messages.map(() => undefined);
      for (const request of requestsOf(messages, maxBatchSize, translated)) {
        const answers = await ask(request, invoke, deadline);
        request.forEach(({ index }, at) => translated[index] = answers[at]);
        if (answers.some((answer) => 'status' in answer && answer.status === 'retry')) break;
      }
      return translated.map((answer) => answer ?? retry('NotAsked'));
    },
  };
}

/** What no invocation could hold is refused right away. */
function requestsOf(messages: readonly Untranslated[], maxBatchSize: number, translated: (Translated | undefined)[]): Asked[][] {
  const requests: Asked[][] = [];
  let bytes = 0;
  messages.forEach((message, index) => {
    const text = textOf(message);
    if (typeof text !== 'string') {
      translated[index] = text;
      return;
    }
    const size = Buffer.byteLength(text) + 1;
    const last = requests.at(-1);
    const asked = { index, id: message.id, text };
    if (last && last.length < maxBatchSize && bytes + size <= MAX_PAYLOAD_BYTES) {last.push(asked);} else {
      requests.push([asked]);
      bytes = ENVELOPE_BYTES;
    }
    bytes += size;
  });
  return requests;
}

/** JSON.parse reads what JSON.stringify can't write: what is nested too deep. */
function textOf(message: Untranslated): string | Outcome {
  try {
    const text = JSON.stringify(message);
    const fits = Buffer.byteLength(text) + 1 + ENVELOPE_BYTES <= MAX_PAYLOAD_BYTES;
    return fits ? text : rejected('TooLarge', 'the message does not fit into an invocation');
  } catch {
    return rejected('TooDeep', 'the message is nested too deep to be written again');
  }
}

async function ask(request: readonly Asked[], invoke: Invoke, deadline: number): Promise<Translated[]> {
  const invoked = await invoke(`{"version":${FUNCTION_REQUEST_VERSION},"messages":[${request.map(({ text }) => text).join(',')}]}`, deadline);
  if (invoked.kind === 'retry') return request.map(() => retry(invoked.code));
  if (invoked.kind === 'items') return request.map(() => rejected(invoked.code, invoked.reason));
  const results = invoked.kind === 'answered' ? resultsOf(invoked.text) : undefined;
  if (!results) return request.map(() => rejected('InvalidAnswer', 'the function did not answer with results'));
  const byId = new Map(results.map((result) => [result.id, result]));
  return request.map(({ id }) => translatedOf(byId.get(id)));
}

function resultsOf(text: string): Record<string, unknown>[] | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) && Array.isArray(answer.results) ? answer.results.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

function translatedOf(result: Readonly<Record<string, unknown>> | undefined): Translated {
  if (result === undefined) return rejected('NoResult', 'the function did not name the message among its results');
  const reason = scalar(result.reason);
  const outcomes: Readonly<Record<string, Outcome>> = {
    dropped: dropped(reason ?? 'ByFunction'), rejected: rejected('RejectedByFunction', reason ?? ''), retry: retry('RetryByFunction'),
  };
  if (result.status !== 'done') {
    const known = typeof result.status === 'string' && Object.hasOwn(outcomes, result.status);
    return known ? outcomes[result.status as string] : rejected('InvalidAnswer', 'the status is none of done, dropped, rejected, retry');
  }
  const messages = result.messages ?? [];
  if (!Array.isArray(messages) || !messages.every(isObject)) return rejected('InvalidAnswer', 'messages is not a list of objects');
  return messages.length > 0 ? { messages } : dropped('NothingByFunction');
}
