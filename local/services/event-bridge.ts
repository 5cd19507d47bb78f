import { randomUUID } from 'node:crypto';
import { arn } from '../environment';
import { Input, answer, failure, inputOf, operationIn } from './json-rpc';
import { EmulatedService, ServiceCall, ServiceRequest, ServiceResponse } from './service';
import { Inbox } from '../cdp/inbox';
import { isObject } from '../template/model';

/** Limits of PutEvents.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES = 10;
const REQUEST_BYTES = 256 * 1024;

/** Amazon EventBridge, as far as a destination of engagement events: PutEvents. Rules are not emulated; what arrives is in the report. */
export class EventBridge implements EmulatedService {
  public readonly name = 'eventbridge';
  public readonly codes = { 400: 'ValidationException', 429: 'ThrottlingException', 500: 'InternalException' };
  private readonly buses = new Set(['default']);

  public constructor(private readonly inbox: Inbox) {}

  public createBus(name: string): void {
    this.buses.add(name);
  }

  public route(request: ServiceRequest): ServiceCall | undefined {
    if (operationIn(request) !== 'PutEvents') return undefined;
    const input = inputOf(request);
    const entries = Array.isArray(input.Entries) ? input.Entries.filter(isObject) : [];
    const buses = [...new Set(entries.map(busOf))];
    return {
      operation: 'PutEvents',
      permissions: buses.map((bus) => ({ action: 'events:PutEvents', resource: arn('events', `event-bus/${bus}`) })),
      items: entries.length,
      handle: async () => this.put(request.caller.construct, entries),
    };
  }

  public operationOf(request: ServiceRequest): string | undefined {
    return operationIn(request);
  }

  public error(code: string, status: number, message: string): ServiceResponse {
    return failure(code, status, message);
  }

  private put(construct: string, entries: readonly Input[]): ServiceResponse {
    if (entries.length === 0 || entries.length > ENTRIES) {
      return failure('ValidationException', 400, `Value at 'entries' failed to satisfy constraint: between 1 and ${ENTRIES} entries`);
    }
    if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > REQUEST_BYTES) {
      return failure('ValidationException', 400, `Total size of the entries in the request is over the limit of ${REQUEST_BYTES} bytes`);
    }
    const results = entries.map((entry) => this.putOne(construct, entry));
    return answer({ FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results });
  }

  private putOne(construct: string, entry: Input): object {
    const { Source, DetailType, Detail } = entry;
    if (typeof Source !== 'string' || typeof DetailType !== 'string') return refused('InvalidArgument', 'Source and DetailType are required');
    const detail = objectIn(Detail);
    if (!detail) return refused('MalformedDetail', 'Detail is malformed.');
    const bus = busOf(entry);
    // Real buses that don't exist swallow the event; nobody wants that to look like a success.
    if (!this.buses.has(bus)) return refused('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    const head = { construct, method: 'PutEvents', path: bus, status: 200 };
    this.inbox.receive({ ...head, body: { Source, DetailType, Detail: detail } }, [{ id: idOf(detail), content: detail }]);
    return { EventId: randomUUID() };
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-event-entry-size */
function bytesOf({ Time, Source, DetailType, Detail, Resources }: Input): number {
  const resources = Array.isArray(Resources) ? Resources : [];
  const texts = [Source, DetailType, Detail, ...resources].filter((one): one is string => typeof one === 'string');
  return (Time === undefined ? 0 : 14) + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function busOf({ EventBusName }: Input): string {
  return String(EventBusName ?? 'default').split(':event-bus/').pop() ?? '';
}

function idOf(detail: Input): string | undefined {
  // In the neutral event `messageId` is the e-mail's: several events have the same.
  const id = detail.id ?? detail.messageId;
  return typeof id === 'string' ? id : undefined;
}

function objectIn(text: unknown): Input | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refused(ErrorCode: string, ErrorMessage: string): object {
  return { ErrorCode, ErrorMessage };
}
