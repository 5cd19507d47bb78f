import type { Logger } from '@aws-lambda-powertools/logger';
import { isObject } from '../../src/contract/parse';
import { CONTROL_ACTIONS, SegmentImportControlConfig } from '../../src/contract/segment-import-control';
import { DeploymentError } from '../runtime/errors';
import type { Documents } from '../segment-import/documents';
import type { ReadyImport } from '../segment-import/import-document';
import type { Jobs } from '../segment-targets';
import { acquire, Grant } from './acquire';
import { publish } from './metrics';
import type { Notices } from './notices';
import { release } from './release';
import { ImportState, Report, reportOf } from './report';
import type { Reports } from './reports';

export interface ControlDeps {
  readonly config: SegmentImportControlConfig;
  readonly jobs: Jobs;
  readonly documents: Documents;
  readonly reports: Reports;
  readonly notices: Notices;
  readonly logger: Pick<Logger, 'info'>;
  readonly now?: () => Date;
}

/** What the state machine sends with every action. */
export interface ExecutionRef {
  /** ARN of the execution. */
  readonly execution: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export type AcquireRequest = ExecutionRef & { readonly action: 'acquire'; readonly import: ReadyImport };
export type ReportRequest = ExecutionRef & { readonly action: 'report'; readonly state: ImportState };

/** Admits imports one after the other, and says how they ended. */
export function createControl(deps: ControlDeps) {
  return async (request: AcquireRequest | ReportRequest): Promise<Grant | Pick<Report, 'importId' | 'status'> & { report?: string }> => {
    const now = (deps.now ?? (() => new Date()))();
    switch (isObject(request) ? request.action : undefined) {
      case CONTROL_ACTIONS.ACQUIRE: return acquire(deps, request as AcquireRequest, now);
      case CONTROL_ACTIONS.REPORT: return conclude(deps, request as ReportRequest, now);
      default: throw new DeploymentError('`action` must be acquire or report');
    }
  };
}

/** In an order that bears a repetition: what is free can be freed again, and metrics, which would count twice, come last. */
async function conclude(deps: ControlDeps, request: ReportRequest, now: Date) {
  const { config, reports, notices, jobs, logger } = deps;
  const report = reportOf(request, jobs, config.inbox, now);
  const { importId, segment, status, code } = report;
  await release(deps, request, report);
  // The first delivery of a notification has, or will have, a report of this name.
  const url = status === 'duplicate' ? undefined : await reports.write(report);
  if (status !== 'duplicate') await notices.send(report, url!);
  publish(config.instance, report);
  logger.info('import ended', { importId, status, code, durationMillis: report.durationMillis });
  return { importId, segment, status, report: url };
}
