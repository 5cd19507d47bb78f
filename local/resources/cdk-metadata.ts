import { ResourceHandler } from './handler';

/** Says which constructs an app uses; does nothing. */
export const cdkMetadata: ResourceHandler = {
  type: 'AWS::CDK::Metadata',
  properties: [],
  ignored: ['Analytics'],
  create: ({ name }) => ({ ref: name, attributes: {} }),
};
