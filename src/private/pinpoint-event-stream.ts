import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as pinpoint from 'aws-cdk-lib/aws-pinpoint';
import { Construct } from 'constructs';
import { FilterPattern } from './filters';
import { pinpointArn } from './pinpoint';
import { grantPut } from './stream';
import { EngagementType } from '../contract/engagement-stream-to-cdp';
import { PINPOINT_EVENT_TYPES, PINPOINT_TEST_EVENT_TYPE } from '../contract/pinpoint-events';

/** Makes an application write its events to a stream.
 * @see https://docs.aws.amazon.com/pinpoint/latest/developerguide/permissions-streams.html */
export function createEventStream(scope: Construct, applicationId: string, stream: kinesis.IStream): void {
  const role = new iam.Role(scope, 'EventStreamRole', {
    description: 'Lets Amazon Pinpoint write the events of one application to the stream',
    assumedBy: new iam.ServicePrincipal('pinpoint.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
        ArnLike: { 'aws:SourceArn': pinpointArn(scope, applicationId) },
      },
    }),
  });
  grantPut(stream, role, 'kinesis:PutRecords', 'kinesis:DescribeStream');
  const eventStream = new pinpoint.CfnEventStream(scope, 'EventStream', {
    applicationId, destinationStreamArn: stream.streamArn, roleArn: role.roleArn,
  });
  // Pinpoint tries the permissions at once, by writing a test record.
  eventStream.node.addDependency(role);
}

/**
 * The application's own events may have any name, also one that begins like the service's. So whoever wants them gets every
 * name that is not one of the service's unwanted ones.
 */
export function eventTypeFilter(events: readonly EngagementType[]): FilterPattern | undefined {
  const named = Object.entries(PINPOINT_EVENT_TYPES) as [EngagementType, string][];
  const wanted = named.filter(([type]) => events.includes(type)).map(([, name]) => name);
  if (!events.includes('CUSTOM')) return wanted.length > 0 ? { event_type: wanted } : undefined;
  const unwanted = named.filter(([type]) => !events.includes(type)).map(([, name]) => name);
  return { event_type: [{ 'anything-but': [...unwanted, PINPOINT_TEST_EVENT_TYPE] }] };
}
