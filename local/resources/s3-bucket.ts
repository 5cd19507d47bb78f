import { REGION, URL_SUFFIX, arn } from '../environment';
import { ResolvedResource, ResourceHandler, objectOf, onlyKeys, text } from './handler';
import { isObject } from '../template/model';

export const s3Bucket: ResourceHandler = {
  type: 'AWS::S3::Bucket',
  properties: ['BucketName', 'NotificationConfiguration'],
  ignored: [
    'AccessControl', 'BucketEncryption', 'LifecycleConfiguration', 'LoggingConfiguration', 'OwnershipControls', 'PublicAccessBlockConfiguration',
    'Tags', 'VersioningConfiguration',
  ],
  create: async (resource, world) => {
    const name = text(resource, 'BucketName') ?? resource.name.toLowerCase();
    await world.createBucket(name, notifies(resource));
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

/** To EventBridge; the notifications that S3 sends itself are not emulated. */
function notifies(resource: ResolvedResource): boolean {
  const configuration = objectOf(resource, 'NotificationConfiguration');
  onlyKeys(resource, 'NotificationConfiguration', configuration, ['EventBridgeConfiguration']);
  const { EventBridgeConfiguration: toEventBridge } = configuration;
  // On unless it is turned off: the property's default is true.
  return isObject(toEventBridge) && String(toEventBridge.EventBridgeEnabled ?? true) === 'true';
}
