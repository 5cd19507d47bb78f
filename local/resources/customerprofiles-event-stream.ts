import { arn } from '../environment';
import { RefusedError } from '../errors';
import { requiredText, ResourceHandler } from './handler';

const STREAM_ARN = /^arn:[^:]+:kinesis:[^:]+:[^:]+:stream\/([^/]+)$/;
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

export const customerProfilesEventStream: ResourceHandler = {
  type: 'AWS::CustomerProfiles::EventStream',
  properties: ['DomainName', 'EventStreamName', 'Uri'],
  ignored: ['Tags'],
  create: (resource, world) => {
    const domainName = requiredText(resource, 'DomainName');
    const [name, uri] = [requiredText(resource, 'EventStreamName'), requiredText(resource, 'Uri')];
    if (!NAME.test(name)) throw new RefusedError(resource.path, `EventStreamName: ${name} is not a valid name`);
    const streamName = STREAM_ARN.exec(uri)?.[1];
    if (streamName === undefined) throw new RefusedError(resource.path, `Uri: expected the ARN of a Kinesis stream, got ${uri}`);
    world.addProfileStream({ path: resource.path, domainName, streamName });
    return { ref: `${domainName}|${name}`, attributes: { EventStreamArn: arn('profile', `domains/${domainName}/event-streams/${name}`) } };
  },
};
