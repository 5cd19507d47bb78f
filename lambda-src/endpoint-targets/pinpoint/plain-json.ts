import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';
import type {
  EndpointBearer, HandlerExecutionContext, HttpRequest, HttpResponse, MetadataBearer, OperationSchema, SerdeFunctions,
} from '@smithy/types';

/** Of each operation the member that is its request's body, what stands in for it while the SDK builds the request, and the answer's member. */
const OPERATIONS: Readonly<Record<string, { readonly body: string; readonly empty: object; readonly answer: string }>> = {
  UpdateEndpointsBatch: { body: 'EndpointBatchRequest', empty: { Item: [] }, answer: 'MessageBody' },
  PutEvents: { body: 'EventsRequest', empty: { BatchItem: {} }, answer: 'EventsResponse' },
};

/**
 * The SDK's own protocol, without its walk over every value by the schema of the service: our requests are plain JSON already, texts, numbers,
 * lists and maps under the service's own names, and so are the answers to what it takes. The walk costs more CPU than everything else
 * that is done to a record. Routes, headers and errors stay the SDK's.
 */
export class PlainJsonProtocol extends AwsRestJsonProtocol {
  public async serializeRequest<I extends object>(
    operation: OperationSchema, input: I, context: HandlerExecutionContext & SerdeFunctions & EndpointBearer,
  ): Promise<HttpRequest> {
    const plain = OPERATIONS[operation.name];
    if (!plain) return super.serializeRequest(operation, input, context);
    const request = await super.serializeRequest(operation, { ...input, [plain.body]: plain.empty }, context);
    request.body = Buffer.from(JSON.stringify((input as Record<string, unknown>)[plain.body]));
    return request;
  }

  public async deserializeResponse<O extends MetadataBearer>(
    operation: OperationSchema, context: HandlerExecutionContext & SerdeFunctions, response: HttpResponse,
  ): Promise<O> {
    const plain = OPERATIONS[operation.name];
    if (!plain || response.statusCode >= 300) return super.deserializeResponse(operation, context, response);
    const text = context.utf8Encoder(await context.streamCollector(response.body));
    const output = { [plain.answer]: text === '' ? null : JSON.parse(text) as unknown, $metadata: this.deserializeMetadata(response) };
    return output as MetadataBearer as O;
  }
}
