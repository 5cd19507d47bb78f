import { sqsClient } from './clients';
import { RefusedError } from './errors';
import { DeliverySpec, DeliveryStream } from './firehose/delivery-stream';
import { EventSourceMapping } from './lambda/event-source-mapping';
import { MappingSpec } from './lambda/mapping-spec';
import { QueueMapping, QueueMappingSpec } from './lambda/queue-mapping';
import { Pipe, PipeSpec } from './messaging/pipe';
import { ProfileStream, ProfileStreamSpec } from './services/customer-profiles/profile-stream';
import { EventStream, EventStreamSpec } from './services/pinpoint/event-stream';
import type { Session } from './session';

/** What reads streams and queues, and the event streams that are read, as the template has them. */
export interface ReaderSpecs {
  readonly mappings: MappingSpec[];
  readonly queueMappings: QueueMappingSpec[];
  readonly deliveries: DeliverySpec[];
  readonly profileStreams: ProfileStreamSpec[];
  readonly eventStreams: EventStreamSpec[];
}

/**
 * Readers first: what is written from the first record on must be read. A role that may not do its work is a result of the run, with a report
 * that names what was denied.
 */
export async function startReaders(session: Session, specs: ReaderSpecs): Promise<void> {
  const { failed } = session.options;
  for (const spec of specs.mappings) await startMapping(session, spec).catch(refusedOr(failed));
  for (const spec of specs.queueMappings) await startQueueMapping(session, spec).catch(refusedOr(failed));
  for (const spec of session.messaging.pipeSpecs) await startPipe(session, spec).catch(refusedOr(failed));
  for (const spec of specs.deliveries) await startDelivery(session, spec).catch(failed);
  for (const spec of specs.profileStreams) openProfileStream(session, spec);
  for (const spec of specs.eventStreams) await openEventStream(session, spec).catch(refusedOr(failed));
}

async function startMapping(session: Session, spec: MappingSpec): Promise<void> {
  const { host, services, options: { observer, failed } } = session;
  const fn = host.specOf(spec.functionName);
  if (!fn) throw new RefusedError(spec.path, `the function ${spec.functionName} is not part of the app`);
  if (!services.kinesis.streams.includes(spec.streamName)) throw new RefusedError(spec.path, `the stream ${spec.streamName} is not part of the app`);
  const key = session.keyOf(fn.construct, fn.roleId);
  const mapping = new EventSourceMapping({ spec, fn, host, kinesis: session.kinesis(key), s3: session.s3(key), observer, failed });
  session.mappings.push(mapping);
  await mapping.start();
}

async function startQueueMapping(session: Session, spec: QueueMappingSpec): Promise<void> {
  const { host, services, endpoints, options: { observer, failed } } = session;
  const fn = host.specOf(spec.functionName);
  if (!fn) throw new RefusedError(spec.path, `the function ${spec.functionName} is not part of the app`);
  if (!services.sqs.queues.includes(spec.queueName)) throw new RefusedError(spec.path, `the queue ${spec.queueName} is not part of the app`);
  const sqs = sqsClient(endpoints.sqs!, session.keyOf(fn.construct, fn.roleId));
  const mapping = new QueueMapping({ spec, queueUrl: session.queueUrl(spec.queueName), fn, host, sqs, observer, failed });
  session.queueMappings.push(mapping);
  await mapping.start();
}

async function startPipe(session: Session, spec: PipeSpec): Promise<void> {
  const { services, endpoints, messaging, options: { failed } } = session;
  if (!services.sqs.queues.includes(spec.queueName)) throw new RefusedError(spec.path, `the queue ${spec.queueName} is not part of the app`);
  const key = session.keyOf(spec.path, spec.roleId);
  const queueUrl = session.queueUrl(spec.queueName);
  const pipe = new Pipe({ spec, queueUrl, sqs: sqsClient(endpoints.sqs!, key), kinesis: session.kinesis(key), failed });
  messaging.pipes.push(pipe);
  await pipe.start();
}

async function startDelivery(session: Session, spec: DeliverySpec): Promise<void> {
  const keyOf = (roleId: string) => session.keyOf(spec.path, roleId);
  const { failed } = session.options;
  const delivery = new DeliveryStream({ spec, kinesis: session.kinesis(keyOf(spec.sourceRoleId)), s3: session.s3(keyOf(spec.bucketRoleId)), failed });
  session.deliveries.push(delivery);
  await delivery.start();
}

function openProfileStream(session: Session, spec: ProfileStreamSpec): void {
  const { kinesis, customerProfiles } = session.services;
  if (!kinesis.streams.includes(spec.streamName)) throw new RefusedError(spec.path, `the stream ${spec.streamName} is not part of the app`);
  const domain = customerProfiles.domain(spec.domainName);
  if (domain.publish) throw new RefusedError(spec.path, `the domain ${spec.domainName} has an event stream already: one is all it can have`);
  const stream = new ProfileStream(spec, session.kinesis());
  session.profileStreams.push(stream);
  domain.publish = (changes) => stream.write(changes);
}

async function openEventStream(session: Session, spec: EventStreamSpec): Promise<void> {
  const app = session.services.pinpoint.apps.get(spec.applicationId);
  if (!app) throw new RefusedError(spec.path, `the application ${spec.applicationId} is not part of the app`);
  if (app.publish) throw new RefusedError(spec.path, `the application ${spec.applicationId} has an event stream already: one is all it can have`);
  const stream = new EventStream(spec, session.kinesis(session.keyOf(spec.path, spec.roleId)));
  session.eventStreams.push(stream);
  app.publish = (records) => stream.write(records);
  await stream.open();
}

/** What is not emulated ends the run at once. */
function refusedOr(failed: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    if (error instanceof RefusedError) throw error;
    failed(error);
  };
}
