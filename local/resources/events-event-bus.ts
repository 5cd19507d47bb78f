import { arn } from '../environment';
import { ResourceHandler, requiredText } from './handler';

/** Takes what is put on it; rules would have to be evaluated, so they are not known. */
export const eventsEventBus: ResourceHandler = {
  type: 'AWS::Events::EventBus',
  properties: ['Name'],
  ignored: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Tags'],
  create: (resource, world) => {
    const name = requiredText(resource, 'Name');
    world.createEventBus(name);
    return { ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
  },
};
