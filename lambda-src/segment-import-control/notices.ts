import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Report } from './report';
import { IMPORT_EVENT_SOURCE, IMPORT_EVENT_TYPE } from '../../src/contract/segment-import';
import { awsError, RetryableError } from '../segment-import/s3-error';

export interface Notices {
  send(report: Report, url: string): Promise<void>;
}

const refuse = (error: unknown): never => {
  throw awsError(error, 'Amazon EventBridge');
};

/**
 * The report without what may name members: the service's words, and the reason, which may name a column. The header of a list
 * without one is its first member. Both stay in the bucket.
 */
export function detailOf(report: Report, url: string): object {
  const { job, execution: _, reason: __, ...rest } = report;
  if (!job) return { ...rest, report: url };
  const { failures: ___, ...counts } = job;
  return { ...rest, job: counts, report: url };
}

export function eventBridgeNotices(EventBusName: string, client = new EventBridgeClient({ maxAttempts: 5 })): Notices {
  return {
    send: async (report, url) => {
      const Detail = JSON.stringify(detailOf(report, url));
      const entry = { EventBusName, Source: IMPORT_EVENT_SOURCE, DetailType: IMPORT_EVENT_TYPE, Detail, Time: new Date(report.endedAt) };
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] })).catch(refuse);
      // It answers 200 with the failure inside.
      if (Entries[0]?.EventId === undefined) throw new RetryableError(`Amazon EventBridge: ${Entries[0]?.ErrorCode ?? 'no result'}`);
    },
  };
}
