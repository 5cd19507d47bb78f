import { RefusedError } from './errors';
import { Ledger } from './ledger';
import { Session } from './session';
import { redriveFunctions } from './targets';
import { JsonObject, isObject } from './template/model';

/** What a redrive function answered: the counts and what it left. */
export interface RedriveRecord {
  readonly construct: string;
  readonly answer: JsonObject;
}

const DAY_MS = 86_400_000;

/** Does what an operator does when a cause is mended: invokes each redrive function for all that lies there, until it says that it is through. */
export async function redriveAll({ host, redrives }: Pick<Session, 'host' | 'redrives'>, ledger: Ledger): Promise<void> {
  const functions = redriveFunctions(host.specs);
  if (functions.length === 0) throw new RefusedError('--redrive', 'the app has no function that puts dead letters back');
  const from = new Date(Date.now() - DAY_MS).toISOString();
  for (const { name, construct } of functions) {
    for (let complete = false; !complete;) {
      const { payload, error } = await host.invoke(name, { from });
      if (error || !isObject(payload)) {
        ledger.problems.push(`${construct}: the redrive failed: ${error?.errorMessage ?? 'it answers nothing'}`);
        break;
      }
      redrives.push({ construct, answer: payload });
      complete = payload.complete === true;
    }
  }
}
