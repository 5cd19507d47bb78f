import { arn } from '../environment';
import { RefusedError } from '../errors';
import { number, objectOf, ResourceHandler, requiredText } from './handler';

export const customerProfilesDomain: ResourceHandler = {
  type: 'AWS::CustomerProfiles::Domain',
  properties: ['DomainName', 'DefaultExpirationDays', 'Matching', 'RuleBasedMatching'],
  ignored: ['DeadLetterQueueUrl', 'DefaultEncryptionKey', 'Tags'],
  create: (resource, world) => {
    const name = requiredText(resource, 'DomainName');
    if (number(resource, 'DefaultExpirationDays', 0) < 1) throw new RefusedError(resource.path, 'DefaultExpirationDays is missing');
    for (const property of ['Matching', 'RuleBasedMatching']) {
      const { Enabled } = objectOf(resource, property);
      if (Enabled !== undefined && Enabled !== false && Enabled !== 'false') throw new RefusedError(resource.path, `${property}: identity resolution is not emulated`);
    }
    world.createProfileDomain(name);
    return { ref: name, attributes: { DomainName: name, Arn: arn('profile', `domains/${name}`) } };
  },
};
