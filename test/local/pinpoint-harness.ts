import { EndpointBatchItem, PinpointClient, UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { AdmissionOptions } from '../../local/admission';
import { Gateway } from '../../local/gateway';
import { Keys } from '../../local/iam/keys';
import { Statement } from '../../local/iam/policy';
import { Recorder } from '../../local/recorder';
import { App } from '../../local/services/pinpoint/app';
import { ImportAccess } from '../../local/services/pinpoint/import-jobs';
import { Pinpoint } from '../../local/services/pinpoint/pinpoint';

export const APP_ID = 'app1';
export const NOW = '2026-11-23T10:00:00.000Z';
export const ROLE = 'SyncRole';

export interface Harness {
  readonly app: App;
  readonly recorder: Recorder;
  readonly gateway: Gateway;
  readonly keys: Keys;
  /** Signs as the run itself, which may do everything. */
  readonly client: PinpointClient;
  clientOf(roleId: string): PinpointClient;
  batch(...items: EndpointBatchItem[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface HarnessOptions extends Partial<Pick<AdmissionOptions, 'faults' | 'quota'>> {
  readonly statements?: readonly Statement[];
  /** What import jobs need of the rest of the account. */
  readonly access?: ImportAccess;
}

/** The fake behind its gateway, reached by the real SDK client. */
export async function startPinpoint({ statements = [], access, ...admission }: HarnessOptions = {}): Promise<Harness> {
  const service = new Pinpoint({ region: 'us-east-1', account: '111122223333', now: () => new Date(NOW) });
  const app = service.createApp(APP_ID);
  service.access = access;
  const [recorder, keys] = [new Recorder(), new Keys()];
  const gateway = await Gateway.start({ service, recorder, keys, statementsOf: () => statements, ...admission });
  const newClient = (roleId?: string) => new PinpointClient({
    endpoint: gateway.url, region: 'us-east-1', credentials: keys.issue({ construct: roleId ?? 'local', roleId }), maxAttempts: 1,
  });
  const client = newClient();
  return {
    app,
    recorder,
    gateway,
    keys,
    client,
    clientOf: newClient,
    batch: (...Item) => client.send(new UpdateEndpointsBatchCommand({ ApplicationId: APP_ID, EndpointBatchRequest: { Item } })),
    close: () => gateway.close(),
  };
}
