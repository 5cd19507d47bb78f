import type { EventsBatch, EventsResponse } from '@aws-sdk/client-pinpoint';
import * as fc from 'fast-check';
import type { PinpointApi } from '../../../../lambda-src/endpoint-targets/pinpoint/api';
import { sendEndpoints, sendEvents } from '../../../../lambda-src/endpoint-targets/pinpoint/send';
import type { EndpointWork, EventWork } from '../../../../lambda-src/endpoint-targets/pinpoint/stage';
import type { Outcome } from '../../../../lambda-src/model';
import { DeploymentError } from '../../../../lambda-src/runtime/errors';
import { OutOfTime } from '../../../../lambda-src/runtime/pace';
import { serviceError, transportError } from '../../support/errors';

const works = (count: number): EndpointWork[] => Array.from({ length: count }, (_, index) => ({ endpoint: { Id: `e${index}` }, changes: [index], at: '', said: {} }));
const eventWorks = (...ids: string[]): EventWork[] => ids.map((id, index) => {
  const [endpointId, eventId] = id.split('/');
  return { endpointId, eventId, event: { EventType: 't', Timestamp: '' }, endpoint: {}, changes: [index], bytes: 1 };
});

/** The deadline is past, so that nobody waits between attempts. */
const api = (calls: Partial<PinpointApi>) => ({ deadline: 0, ...calls }) as PinpointApi;

async function outcomesOf(send: (settle: (work: { changes: readonly number[] }, outcome: Outcome) => void) => Promise<void>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await send(({ changes: [index] }, outcome) => {
    if (outcomes[index]) throw new Error(`${index} is settled twice`);
    outcomes[index] = outcome;
  });
  return outcomes;
}

const DONE = { status: 'done' };
const short = (outcome: Outcome) => 'code' in outcome ? `${outcome.status} ${outcome.code}` : outcome.status;

describe('what becomes of an error of the whole request', () => {
  const table: [string, Error, string][] = [
    ['400', serviceError(400), 'rejected BadRequestException'],
    ['413', serviceError(413), 'rejected PayloadTooLargeException'],
    ['414', serviceError(414, '', 'Unknown'), 'rejected Unknown'],
    ['408', serviceError(408, '', 'RequestTimeout'), 'retry RequestTimeout'],
    ['409', serviceError(409), 'retry ConflictException'],
    ['429', serviceError(429), 'retry TooManyRequestsException'],
    ['500', serviceError(500), 'retry InternalServerErrorException'],
    ['503', serviceError(503, '', 'ServiceUnavailable'), 'retry ServiceUnavailable'],
    ['an answer that can\'t be read', Object.assign(new SyntaxError('Unexpected token'), { $metadata: { httpStatusCode: 202 } }), 'retry SyntaxError'],
    ['a reset', transportError('Error', 'ECONNRESET'), 'retry Error'],
    ['a time-out', transportError('TimeoutError'), 'retry TimeoutError'],
    ['an abort', transportError('AbortError'), 'retry AbortError'],
    ['no credentials', new Error('no credentials'), 'retry Error'],
    ['no time left', new OutOfTime(), 'retry OutOfTime'],
  ];

  test.each(table)('%s', async (_, error, expected) => {
    const fail = jest.fn().mockRejectedValue(error);
    expect((await outcomesOf((settle) => sendEndpoints(api({ updateEndpoints: fail }), works(1), settle))).map(short)).toEqual([expected]);
    expect((await outcomesOf((settle) => sendEvents(api({ putEvents: fail }), eventWorks('e/i'), settle))).map(short)).toEqual([expected]);
    expect(fail).toHaveBeenCalledTimes(2);
  });

  test.each([401, 403, 404, 405])('%i is the deployment\'s fault: loud, nothing is settled', async (status) => {
    const fail = jest.fn().mockRejectedValue(serviceError(status, 'User: arn is not authorized on resource: arn:aws:mobiletargeting:r:a:apps/app/users/ann@example.com because'));
    const settle = jest.fn();
    const error = await sendEndpoints(api({ updateEndpoints: fail }), works(3), settle).catch((thrown: unknown) => thrown);
    await expect(sendEvents(api({ putEvents: fail }), eventWorks('e/i', 'e/j'), settle)).rejects.toThrow(DeploymentError);
    expect(error).toBeInstanceOf(DeploymentError);
    expect(String(error)).toContain(String(status));
    expect(JSON.stringify([String(error), (error as Error).cause, (error as Error).stack])).not.toContain('ann@example.com');
    expect(settle).not.toHaveBeenCalled();
    expect(fail).toHaveBeenCalledTimes(2);
  });
});

describe('a refusal that names no item', () => {
  const guiltyOf = (count: number) => fc.uniqueArray(fc.nat(count - 1), { maxLength: count });
  const input = fc.integer({ min: 1, max: 100 }).chain((count) => fc.tuple(fc.constant(count), guiltyOf(count)));
  /** Halving costs at most the two halves of every level above a guilty item. */
  const bound = (count: number, guilty: number) => Math.min(2 * count - 1, 1 + 2 * guilty * Math.ceil(Math.log2(count)));

  test('endpoints: exactly the guilty are rejected, in few calls', async () => {
    await fc.assert(fc.asyncProperty(input, async ([count, guilty]) => {
      const updateEndpoints = jest.fn(async (items: { Id?: string }[]) => {
        if (items.some(({ Id }) => guilty.includes(Number(Id!.slice(1))))) throw serviceError(400);
      });
      const outcomes = await outcomesOf((settle) => sendEndpoints(api({ updateEndpoints }), works(count), settle));
      expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: count }, (_, index) => guilty.includes(index) ? 'rejected' : 'done'));
      expect(updateEndpoints.mock.calls.length).toBeLessThanOrEqual(bound(count, guilty.length));
    }), { numRuns: 60 });
  });

  test('events: the same', async () => {
    await fc.assert(fc.asyncProperty(input, async ([count, guilty]) => {
      const putEvents = jest.fn(async (batch: Record<string, EventsBatch>) => {
        if (Object.keys(batch.e.Events!).some((id) => guilty.includes(Number(id)))) throw serviceError(413);
        return accept(batch);
      });
      const outcomes = await outcomesOf((settle) => sendEvents(api({ putEvents }), eventWorks(...Array.from({ length: count }, (_, index) => `e/${index}`)), settle));
      expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: count }, (_, index) => guilty.includes(index) ? 'rejected' : 'done'));
      expect(putEvents.mock.calls.length).toBeLessThanOrEqual(bound(count, guilty.length));
    }), { numRuns: 60 });
  });

  test('a transient error on the way leaves the rest to be retried', async () => {
    const updateEndpoints = jest.fn().mockRejectedValueOnce(serviceError(400)).mockResolvedValueOnce(undefined).mockRejectedValue(serviceError(500));
    const outcomes = await outcomesOf((settle) => sendEndpoints(api({ updateEndpoints }), works(4), settle));
    expect(outcomes.map(short)).toEqual(['done', 'done', 'retry InternalServerErrorException', 'retry InternalServerErrorException']);
  });
});

function accept(batch: Record<string, EventsBatch>): EventsResponse {
  return { Results: Object.fromEntries(Object.entries(batch).map(([id, { Events }]) => [id, {
    EndpointItemResponse: { StatusCode: 202 }, EventsItemResponse: Object.fromEntries(Object.keys(Events!).map((event) => [event, { StatusCode: 202 }])),
  }])) };
}

describe('the results of PutEvents', () => {
  type Result = { endpoint?: number; event?: number };
  const answer = ({ endpoint, event }: Result): EventsResponse => ({ Results: { e: {
    ...(endpoint === undefined ? {} : { EndpointItemResponse: { StatusCode: endpoint, Message: 'endpoint' } }),
    ...(event === undefined ? {} : { EventsItemResponse: { i: { StatusCode: event, Message: 'event' } } }),
  } } });

  test.each<[string, EventsResponse, string, number]>([
    ['202', answer({ endpoint: 202, event: 202 }), 'done', 1],
    ['202 without one for the endpoint', answer({ event: 202 }), 'done', 1],
    ['400', answer({ endpoint: 202, event: 400 }), 'rejected EventRefused400', 1],
    ['403', answer({ endpoint: 202, event: 403 }), 'rejected EventRefused403', 1],
    ['400 for the endpoint', answer({ endpoint: 400, event: 202 }), 'rejected EventRefused400', 1],
    ['429', answer({ endpoint: 202, event: 429 }), 'retry EventFailed429', 5],
    ['408', answer({ endpoint: 202, event: 408 }), 'retry EventFailed408', 5],
    ['500', answer({ endpoint: 202, event: 500 }), 'retry EventFailed500', 5],
    ['500 for the endpoint', answer({ endpoint: 500, event: 202 }), 'retry EventFailed500', 5],
    ['none for the event', answer({ endpoint: 202 }), 'retry NoResult', 5],
    ['none for the endpoint\'s entry', { Results: {} }, 'retry NoResult', 5],
    ['none at all', {}, 'retry NoResult', 5],
    ['null for the event', { Results: { e: { EventsItemResponse: { i: null } } } } as unknown as EventsResponse, 'retry NoResult', 5],
    ['a status of null', { Results: { e: { EventsItemResponse: { i: { StatusCode: null } } } } } as unknown as EventsResponse, 'retry NoResult', 5],
    ['null for all results', { Results: null } as unknown as EventsResponse, 'retry NoResult', 5],
  ])('%s', async (_, response, expected, calls) => {
    const putEvents = jest.fn().mockResolvedValue(response);
    expect((await outcomesOf((settle) => sendEvents(api({ putEvents }), eventWorks('e/i'), settle))).map(short)).toEqual([expected]);
    expect(putEvents).toHaveBeenCalledTimes(calls);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty'])('the ids %p are found only where they are', async (id) => {
    const work = eventWorks(`${id}/${id}`);
    const putEvents = jest.fn().mockResolvedValueOnce({ Results: {} }).mockResolvedValueOnce({ Results: { [id]: {} } }).mockImplementation(async (batch) => accept(batch));
    expect(await outcomesOf((settle) => sendEvents(api({ putEvents }), work, settle))).toEqual([DONE]);
    expect(putEvents).toHaveBeenCalledTimes(3);
  });

  test('an endpoint id may come back in another case', async () => {
    const putEvents = jest.fn().mockResolvedValue({ Results: { 'u:email': { EventsItemResponse: { i: { StatusCode: 202 } } } } });
    expect(await outcomesOf((settle) => sendEvents(api({ putEvents }), eventWorks('u:EMAIL/i'), settle))).toEqual([DONE]);
  });

  test('only what failed is sent again', async () => {
    const sent: string[][] = [];
    const codes: Record<string, number[]> = { a: [202], b: [500, 429, 202], c: [400], d: [500, 202] };
    const putEvents = jest.fn(async (batch: Record<string, EventsBatch>): Promise<EventsResponse> => {
      const ids = Object.keys(batch.e.Events!);
      sent.push(ids);
      return { Results: { e: { EventsItemResponse: Object.fromEntries(ids.map((id) => [id, { StatusCode: codes[id].shift() }])) } } };
    });
    const outcomes = await outcomesOf((settle) => sendEvents(api({ putEvents }), eventWorks('e/a', 'e/b', 'e/c', 'e/d'), settle));
    expect(outcomes.map(short)).toEqual(['done', 'done', 'rejected EventRefused400', 'done']);
    expect(sent).toEqual([['a', 'b', 'c', 'd'], ['b', 'd'], ['b']]);
  });
});
