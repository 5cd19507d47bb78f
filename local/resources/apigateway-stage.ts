import { RefusedError } from '../errors';
import { ResourceHandler, onlyKeys, requiredText } from './handler';
import { JsonObject, isObject } from '../template/model';

const SETTINGS = ['DataTraceEnabled', 'HttpMethod', 'LoggingLevel', 'MetricsEnabled', 'ResourcePath', 'ThrottlingBurstLimit', 'ThrottlingRateLimit'];

/** A stage with one throttle for all of its methods, which `--quota` enforces. Access logs are not written. */
export const apiGatewayStage: ResourceHandler = {
  type: 'AWS::ApiGateway::Stage',
  properties: ['MethodSettings', 'RestApiId', 'StageName'],
  ignored: ['AccessLogSetting', 'DeploymentId', 'Description', 'Tags', 'TracingEnabled'],
  create: (resource, world) => {
    const api = world.apis.get(requiredText(resource, 'RestApiId'), resource.path);
    const settings = [resource.properties.MethodSettings ?? []].flat().map((one): JsonObject => {
      const isForAll = isObject(one) && one.HttpMethod === '*' && one.ResourcePath === '/*';
      if (!isForAll) throw new RefusedError(resource.path, 'only settings for all methods are emulated');
      onlyKeys(resource, 'MethodSettings', one, SETTINGS);
      return one;
    });
    const numberIn = (name: string) => settings[0]?.[name] === undefined ? undefined : Number(settings[0][name]);
    const name = requiredText(resource, 'StageName');
    api.stages.push({ name, ratePerSecond: numberIn('ThrottlingRateLimit'), burst: numberIn('ThrottlingBurstLimit') });
    return { ref: name, attributes: {} };
  },
};
