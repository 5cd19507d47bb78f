import { arn } from '../environment';
import { RefusedError } from '../errors';
import { ResourceHandler, onlyKeys, text } from './handler';
import { isObject } from '../template/model';

/** With event destinations that publish everything to a topic. */
export const smsVoiceConfigurationSet: ResourceHandler = {
  type: 'AWS::SMSVOICE::ConfigurationSet',
  properties: ['ConfigurationSetName', 'EventDestinations'],
  ignored: ['DefaultSenderId', 'MessageFeedbackEnabled', 'ProtectConfigurationId', 'Tags'],
  create: (resource, world) => {
    const name = text(resource, 'ConfigurationSetName') ?? resource.name;
    for (const destination of [resource.properties.EventDestinations ?? []].flat()) {
      if (!isObject(destination)) throw new RefusedError(resource.path, 'EventDestinations must be a list of event destinations');
      onlyKeys(resource, 'EventDestinations', destination, ['Enabled', 'EventDestinationName', 'MatchingEventTypes', 'SnsDestination']);
      const topicArn = isObject(destination.SnsDestination) ? destination.SnsDestination.TopicArn : undefined;
      if (typeof topicArn !== 'string') throw new RefusedError(resource.path, 'only event destinations that are a topic are emulated');
      if (JSON.stringify(destination.MatchingEventTypes) !== '["ALL"]') {
        throw new RefusedError(resource.path, 'only event destinations for ALL types are emulated');
      }
      if (destination.Enabled !== false) world.messaging.texts.destinations.push({ configurationSet: name, topicArn });
    }
    return { ref: name, attributes: { Arn: arn('sms-voice', `configuration-set/${name}`) } };
  },
};
