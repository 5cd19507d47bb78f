import { REGION, URL_SUFFIX, arn } from '../environment';
import { ResourceHandler, text } from './handler';

export const s3Bucket: ResourceHandler = {
  type: 'AWS::S3::Bucket',
  properties: ['BucketName'],
  ignored: [
    'AccessControl', 'BucketEncryption', 'LifecycleConfiguration', 'LoggingConfiguration', 'OwnershipControls', 'PublicAccessBlockConfiguration',
    'Tags', 'VersioningConfiguration',
  ],
  create: async (resource, world) => {
    const name = text(resource, 'BucketName') ?? resource.name.toLowerCase();
    await world.createBucket(name);
    return {
      ref: name,
      attributes: {
        Arn: arn('s3', name, { region: '', accountId: '' }),
        DomainName: `${name}.s3.${URL_SUFFIX}`,
        RegionalDomainName: `${name}.s3.${REGION}.${URL_SUFFIX}`,
      },
    };
  },
};
