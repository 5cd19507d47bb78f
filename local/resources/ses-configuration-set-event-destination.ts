import { arn } from '../environment';
import { RefusedError } from '../errors';
import { ResourceHandler, objectOf, onlyKeys, requiredText } from './handler';
import { MAIL_TYPES } from '../messaging/mail';
import { isObject } from '../template/model';

/** For the default event bus, the only one that the service publishes to. */
export const sesConfigurationSetEventDestination: ResourceHandler = {
  type: 'AWS::SES::ConfigurationSetEventDestination',
  properties: ['ConfigurationSetName', 'EventDestination'],
  ignored: [],
  create: (resource, world) => {
    const destination = objectOf(resource, 'EventDestination');
    onlyKeys(resource, 'EventDestination', destination, ['Enabled', 'EventBridgeDestination', 'MatchingEventTypes', 'Name']);
    const bus = isObject(destination.EventBridgeDestination) ? destination.EventBridgeDestination.EventBusArn : undefined;
    if (bus !== arn('events', 'event-bus/default')) {
      throw new RefusedError(resource.path, 'only the default event bus is a destination that is emulated');
    }
    const types = [destination.MatchingEventTypes ?? []].flat().map(String);
    const unknown = types.find((type) => !MAIL_TYPES.includes(type));
    if (unknown !== undefined) throw new RefusedError(resource.path, `EventDestination.MatchingEventTypes: ${unknown} is no type of event`);
    const configurationSet = requiredText(resource, 'ConfigurationSetName');
    if (destination.Enabled !== false) world.messaging.mail.destinations.push({ configurationSet, types });
    return { ref: resource.name, attributes: { Id: resource.name } };
  },
};
