import { ResourceHandler } from './handler';

/** The CDK's helper that empties a bucket when its stack is deleted; a run deletes no stack. */
export const customS3AutoDeleteObjects: ResourceHandler = {
  type: 'Custom::S3AutoDeleteObjects',
  properties: [],
  ignored: ['BucketName', 'ServiceToken'],
  create: ({ name }) => ({ ref: name, attributes: {} }),
};
