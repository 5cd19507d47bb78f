import {
  CreateImportJobCommand, CreateImportJobCommandInput, GetImportJobCommand, GetImportJobCommandInput, PinpointClient,
} from '@aws-sdk/client-pinpoint';
import { TaskKind } from './definition';
import { REGION } from '../environment';
import { messageOf } from '../errors';
import { AccessKey } from '../iam/keys';
import { Json, JsonObject, isObject } from '../template/model';

/** An error with the name that Retry and Catch match. */
function stateError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** The tasks of a state machine: every call is signed with the key of its role. */
export class Tasks {
  private readonly pinpoint: PinpointClient;

  public constructor(private readonly endpoints: Readonly<Record<string, string>>, private readonly key: AccessKey) {
    // Retries are up to the state machine.
    this.pinpoint = new PinpointClient({ endpoint: endpoints.pinpoint, region: REGION, credentials: key, maxAttempts: 1 });
  }

  public async run(task: TaskKind, resource: string, input: Json): Promise<Json> {
    if (task.kind === 'pinpoint') return this.callPinpoint(task.action, input);
    if (task.kind === 'function') return this.invoke(resource, input);
    const { FunctionName, Payload = {} } = isObject(input) ? input : {};
    return { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: await this.invoke(String(FunctionName), Payload) };
  }

  /** SDK integrations name an error `<Service>.<Exception>`. */
  private async callPinpoint(action: string, input: Json): Promise<Json> {
    try {
      const { $metadata: _, ...output } = action === 'createImportJob'
        ? await this.pinpoint.send(new CreateImportJobCommand(input as unknown as CreateImportJobCommandInput))
        : await this.pinpoint.send(new GetImportJobCommand(input as unknown as GetImportJobCommandInput));
      return JSON.parse(JSON.stringify(output)) as Json;
    } catch (error) {
      const answered = isObject(error as Json) && '$response' in (error as object) && error instanceof Error;
      throw stateError(`Pinpoint.${answered ? (error as Error).name : 'SdkClientException'}`, messageOf(error));
    }
  }

  private async invoke(name: string, payload: Json): Promise<Json> {
    const answer = await fetch(`${this.endpoints.lambda}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${this.key.accessKeyId}/20260101/${REGION}/lambda/aws4_request` },
      body: JSON.stringify(payload),
    }).catch((error: unknown) => { throw stateError('Lambda.SdkClientException', messageOf(error)); });
    const body = JSON.parse(await answer.text()) as Json;
    if (!answer.ok) throw stateError(`Lambda.${nameOf(answer.status)}`, JSON.stringify(body));
    if (answer.headers.has('x-amz-function-error')) throw stateError(String((body as JsonObject).errorType), JSON.stringify(body));
    return body;
  }
}

function nameOf(status: number): string {
  if (status === 429) return 'TooManyRequestsException';
  return status >= 500 ? 'ServiceException' : 'AWSLambdaException';
}
