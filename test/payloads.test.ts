import type { EngagementEvent as HandlersEvent } from '../lambda-src/engagement';
import { FUNCTION_REQUEST_VERSION } from '../lambda-src/transports/function';
import type { FunctionResponse } from '../lambda-src/transports/function';
import { CdpFunctionRequest, CdpFunctionResponse, CdpFunctionStatus, EngagementEvent } from '../src';
import type { EngagementType } from '../src/contract/engagement-stream-to-cdp';

/** What is published for users' functions is what the handler really sends and reads. The checks are made by the compiler. */
type Same<A, B> = [A, B] extends [B, A] ? [B, A] extends [A, B] ? true : never : never;

/** Without `readonly`, and an enum by its values. */
type Plain<T> = T extends string | number | undefined ? (T extends string ? `${T}` : T) : { -readonly [K in keyof T]: Plain<T[K]> };

test('the events', () => {
  const same: Same<Plain<EngagementEvent>, Plain<HandlersEvent>> = true;
  const names: Same<keyof EngagementEvent, keyof HandlersEvent> = true;
  const types: Same<`${EngagementEvent['type']}`, EngagementType> = true;
  expect([same, names, types]).toEqual([true, true, true]);
});

test('the results', () => {
  const statuses: Same<`${CdpFunctionStatus}`, FunctionResponse['results'][number]['status']> = true;
  const names: Same<keyof CdpFunctionResponse['results'][number], keyof FunctionResponse['results'][number]> = true;
  expect([statuses, names]).toEqual([true, true]);
});

test('the version of the request', () => {
  const request: CdpFunctionRequest = { version: FUNCTION_REQUEST_VERSION, events: [] };
  expect(request.version).toBe(1);
});
