import { Drainable } from './drain';
import { Session } from './session';
import { Machine } from './stepfunctions/machine';

/** A function may use up its time several times before its record is given up. */
const STALL_TIMEOUTS = 4;
const STALL_MS = 60_000;
const HOPELESS_MS = 5_000;

/** How long nothing may move before the run is given up. */
export function stallMs({ hopeless, mappings, queueMappings }: Session): number {
  if (hopeless) return HOPELESS_MS;
  return Math.max(STALL_MS, ...[...mappings, ...queueMappings].map(({ fn }) => STALL_TIMEOUTS * fn.timeoutSeconds * 1000));
}

/** Records that functions have to take. */
export function stateOf({ mappings, queueMappings, services: { kinesis, sqs }, rules }: Session): Drainable[] {
  return [
    ...mappings.map(({ spec, fn, over }) => ({ label: spec.path, construct: fn.construct, over, taken: kinesis.recordsTaken(spec.streamName) })),
    ...queueMappings.map(({ spec, fn, over }) => ({ label: spec.path, construct: fn.construct, over, taken: sqs.messagesTaken(spec.queueName) })),
    ...rules.machines.map(({ spec, over, executions }) => ({ label: spec.path, construct: spec.construct, over, taken: executions.length })),
  ];
}

/** A workflow that ends in one of its Fail states has said why; any other error is none of its making. */
export function problemsOfExecutions(machine: Machine): string[] {
  return machine.executions.filter(({ status, error }) => status === 'FAILED' && !machine.isIntended(error))
    .map(({ construct, name, error, cause }) => `${construct}: the execution ${name} failed: ${error}: ${cause}`);
}

/** And what else must come to rest before the run can end. */
export function pendingOf(session: Session): Drainable[] {
  const { eventStreams: streams, profileStreams, streamTargets, deliveries, services, messaging } = session;
  return [
    ...stateOf(session),
    ...messaging.pipes.map(({ spec: { path, queueName }, over }) =>
      ({ label: path, construct: path, over, taken: services.sqs.messagesTaken(queueName) })),
    ...profileStreams.map(({ spec: { path, domainName } }) => {
      const { over, taken } = services.customerProfiles.domain(domainName);
      return { label: path, construct: path, over, taken };
    }),
    ...[...streams, ...profileStreams, ...streamTargets].map(({ spec: { path }, written, queued }) =>
      ({ label: path, construct: path, over: written, taken: queued })),
    ...deliveries.map(({ spec: { path, streamName }, read }) =>
      ({ label: path, construct: path, over: read, taken: services.kinesis.recordsTaken(streamName) })),
  ];
}
