import { arn } from '../environment';
import { ResourceHandler, number, objectOf, text } from './handler';

/** On-demand streams start with four shards. */
const ON_DEMAND_SHARDS = 4;

export const kinesisStream: ResourceHandler = {
  type: 'AWS::Kinesis::Stream',
  properties: ['Name', 'ShardCount', 'StreamModeDetails'],
  ignored: ['RetentionPeriodHours', 'StreamEncryption', 'DesiredShardLevelMetrics', 'Tags'],
  create: async (resource, world) => {
    const name = text(resource, 'Name') ?? resource.name;
    const onDemand = objectOf(resource, 'StreamModeDetails').StreamMode === 'ON_DEMAND';
    await world.createStream(name, onDemand ? ON_DEMAND_SHARDS : number(resource, 'ShardCount', 1));
    return { ref: name, attributes: { Arn: arn('kinesis', `stream/${name}`) } };
  },
};
