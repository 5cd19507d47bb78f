import { randomUUID } from 'node:crypto';
import type { EndpointBatchRequest, EndpointRequest } from '@aws-sdk/client-pinpoint';
import { BadRequest, NotFound, PinpointError } from './errors';
import { ENDPOINT_LIMITS } from './limits';
import { Labels, Operation, OperationCall, Operations } from './operation';

const ofEndpoint = ({ EndpointId }: Labels): string => `/endpoints/${EndpointId}`;
const ofUser = ({ UserId }: Labels): string => `/users/${UserId}`;
const accepted = () => ({ Message: 'Accepted', RequestID: randomUUID() });

/**
 * Whether a batch with a bad endpoint is refused as a whole is not documented. We assume it, because the answer has no result
 * per item and the documented errors are about the request.
 */
const updateEndpointsBatch: Operation = {
  resource: () => '',
  items: (body) => (body as { Item?: unknown[] }).Item?.length ?? 0,
  run: ({ app, payload, bytes }) => {
    const { Item = [] } = payload as EndpointBatchRequest;
    if (bytes > ENDPOINT_LIMITS.batchBytes) throw new PinpointError(413, `larger than ${ENDPOINT_LIMITS.batchBytes} bytes`);
    if (Item.length > ENDPOINT_LIMITS.itemsPerBatch) throw new BadRequest(`more than ${ENDPOINT_LIMITS.itemsPerBatch} endpoints`);
    app.update(Item.map(({ Id = '', ...update }, index) => ({ id: Id, update, path: `Item[${index}]` })));
    return accepted();
  },
};

const updateEndpoint: Operation = {
  resource: ofEndpoint,
  run: ({ app, labels, payload }) => {
    app.update([{ id: labels.EndpointId!, update: payload as EndpointRequest, path: 'EndpointRequest' }]);
    return accepted();
  },
};

const getEndpoint: Operation = {
  resource: ofEndpoint,
  run: ({ app, labels }) => app.find(labels.EndpointId!) ?? notFound(`endpoint ${labels.EndpointId}`),
};

const deleteEndpoint: Operation = {
  resource: ofEndpoint,
  run: ({ app, labels }) => app.remove(labels.EndpointId!) ?? notFound(`endpoint ${labels.EndpointId}`),
};

function userEndpoints({ app, labels }: OperationCall) {
  const Item = app.ofUser(labels.UserId!);
  return Item.length > 0 ? { Item } : notFound(`user ${labels.UserId}`);
}

const getUserEndpoints: Operation = { resource: ofUser, run: userEndpoints };

const deleteUserEndpoints: Operation = {
  resource: ofUser,
  run: (call) => {
    const removed = userEndpoints(call);
    removed.Item.forEach(({ Id }) => call.app.remove(Id!));
    return removed;
  },
};

function notFound(what: string): never {
  throw new NotFound(what);
}

export const ENDPOINT_OPERATIONS: Operations = {
  UpdateEndpointsBatch: updateEndpointsBatch,
  UpdateEndpoint: updateEndpoint,
  GetEndpoint: getEndpoint,
  DeleteEndpoint: deleteEndpoint,
  GetUserEndpoints: getUserEndpoints,
  DeleteUserEndpoints: deleteUserEndpoints,
};
