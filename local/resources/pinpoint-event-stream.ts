import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError } from '../errors';
import { ResourceHandler, requiredText } from './handler';

const STREAM_ARN = /^arn:[^:]+:(kinesis|firehose):[^:]+:[^:]+:(?:stream|deliverystream)\/([^/]+)$/;

export const pinpointEventStream: ResourceHandler = {
  type: 'AWS::Pinpoint::EventStream',
  properties: ['ApplicationId', 'DestinationStreamArn', 'RoleArn'],
  ignored: [],
  create: (resource, world) => {
    const applicationId = requiredText(resource, 'ApplicationId');
    const streamArn = requiredText(resource, 'DestinationStreamArn');
    const [, service, streamName] = STREAM_ARN.exec(streamArn) ?? [];
    if (service !== 'kinesis' || streamName === undefined) {
      throw new RefusedError(resource.path, `DestinationStreamArn: only a Kinesis stream is emulated, got ${streamArn}`);
    }
    const roleId = requiredText(resource, 'RoleArn').split('/').pop() ?? '';
    const context = { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': arn('mobiletargeting', `apps/${applicationId}`) };
    world.roles.checkTrust(roleId, 'pinpoint.amazonaws.com', context, resource.path);
    world.addEventStream({ path: resource.path, applicationId, streamName, streamArn, roleId });
    return { ref: applicationId, attributes: {} };
  },
};
