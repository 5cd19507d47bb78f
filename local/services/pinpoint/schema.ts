import * as sdk from '@aws-sdk/client-pinpoint';
import { modelOf, Shape } from '../sdk-model';

export const MODEL = modelOf(sdk);

/** What a line of an import file holds: an item of UpdateEndpointsBatch. */
export function endpointShape(): Shape {
  const { payload } = MODEL.operations.find(({ name }) => name === 'UpdateEndpointsBatch')!;
  const request = payload!.shape();
  const list = request.kind === 'structure' ? request.members[0]!.shape() : request;
  return list.kind === 'list' ? list.of() : list;
}
