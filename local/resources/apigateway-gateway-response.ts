import { ResourceHandler, number, objectOf, requiredText } from './handler';

const HEADER = /^gatewayresponse\.header\.(.+)$/;

/** What an API answers by itself; its template is taken as it stands. */
export const apiGatewayGatewayResponse: ResourceHandler = {
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: ['ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'],
  ignored: [],
  create: (resource, world) => {
    const api = world.apis.get(requiredText(resource, 'RestApiId'), resource.path);
    const headers = Object.entries(objectOf(resource, 'ResponseParameters')).flatMap(([name, value]) => {
      const header = HEADER.exec(name)?.[1];
      return header === undefined ? [] : [[header.toLowerCase(), String(value).replace(/^'|'$/g, '')] as const];
    });
    const body = objectOf(resource, 'ResponseTemplates')['application/json'];
    api.answers.set(requiredText(resource, 'ResponseType'), {
      status: 'StatusCode' in resource.properties ? number(resource, 'StatusCode', 0) : undefined,
      headers: Object.fromEntries(headers),
      body: typeof body === 'string' ? body : undefined,
    });
    return { ref: resource.name, attributes: { Id: resource.name } };
  },
};
