import { ResourceHandler, text } from './handler';

/** Messages are not sent in a run: what a configuration set says of their sending has no effect. */
export const sesConfigurationSet: ResourceHandler = {
  type: 'AWS::SES::ConfigurationSet',
  properties: ['Name'],
  ignored: [
    'ArchivingOptions', 'DeliveryOptions', 'ReputationOptions', 'SendingOptions', 'SuppressionOptions', 'Tags', 'TrackingOptions', 'VdmOptions',
  ],
  create: (resource) => ({ ref: text(resource, 'Name') ?? resource.name, attributes: {} }),
};
