import { NotFoundException, PinpointClient } from '@aws-sdk/client-pinpoint';
import { mockClient } from 'aws-sdk-client-mock';
import { serviceError, transportError } from './errors';
import type { App } from '../../../local/services/pinpoint/app';
import { Pinpoint } from '../../../local/services/pinpoint/pinpoint';

/** What happens to a call: it fails before or after it was done, or one item of it fails. */
export type Fault = 'none' | 'throttled' | 'failed' | 'lost' | 'item';

type Input = Record<string, any>;
const PATHS: Readonly<Record<string, (input: Input) => [string, string, unknown]>> = {
  UpdateEndpointsBatchCommand: ({ EndpointBatchRequest }) => ['PUT', '/endpoints', EndpointBatchRequest],
  PutEventsCommand: ({ EventsRequest }) => ['POST', '/events', EventsRequest],
  GetUserEndpointsCommand: ({ UserId }) => ['GET', `/users/${encodeURIComponent(UserId)}`, undefined],
  DeleteUserEndpointsCommand: ({ UserId }) => ['DELETE', `/users/${encodeURIComponent(UserId)}`, undefined],
};
const OUTPUTS: Readonly<Record<string, string>> = { UpdateEndpointsBatchCommand: 'MessageBody', PutEventsCommand: 'EventsResponse' };

/** The strict Pinpoint of the local run, called in this process by whatever client is made. Each call takes the next fault. */
export class Emulated {
  public app!: App;
  public calls = 0;
  private service!: Pinpoint;
  private faults: Fault[] = [];

  public constructor() {
    mockClient(PinpointClient).send.callsFake(((command: { input: Input }) => this.send(command.constructor.name, command.input)) as never);
    this.reset();
  }

  public reset(faults: readonly Fault[] = []): void {
    this.service = new Pinpoint({ region: 'us-east-1', account: '111122223333', now: () => new Date('2026-11-23T10:00:00Z') });
    this.app = this.service.createApp('app1');
    this.faults = [...faults];
    this.calls = 0;
  }

  private async send(command: string, input: Input): Promise<unknown> {
    this.calls += 1;
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'throttled') throw serviceError(429);
    if (fault === 'failed') throw transportError('TimeoutError');
    const [method, path, payload] = PATHS[command](input);
    const body = payload === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(payload));
    const rawPath = `/v1/apps/${input.ApplicationId}${path}`;
    const call = this.service.route({ caller: { accessKeyId: '', construct: '' }, method, path: rawPath, rawPath, query: new URLSearchParams(), headers: {}, body })!;
    const answer = await call.handle(fault === 'item' && command === 'PutEventsCommand' ? 500 : undefined);
    if (fault === 'lost') throw transportError('Error', 'ECONNRESET');
    const content = JSON.parse(String(answer.body)) as Record<string, unknown>;
    if (answer.status >= 300) throw this.errorOf(answer.status, String(content.Message));
    return { [OUTPUTS[command] ?? 'EndpointsResponse']: content };
  }

  private errorOf(status: number, message: string): Error {
    // The target asks for the SDK's own class of this one.
    return status === 404 ? new NotFoundException({ $metadata: { httpStatusCode: 404 }, message, Message: message, RequestID: 'r' }) : serviceError(status, message);
  }
}
