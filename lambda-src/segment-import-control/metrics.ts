import type { ImportStatus, Report } from './report';
import { SegmentImportMetric } from '../../src/contract/segment-import';
import { Telemetry } from '../runtime/telemetry';

const METRICS: { readonly [K in Exclude<ImportStatus, 'failed'>]: string } = {
  'imported': SegmentImportMetric.IMPORTED,
  'imported with failures': SegmentImportMetric.IMPORTED_WITH_FAILURES,
  'superseded': SegmentImportMetric.IMPORTS_SUPERSEDED,
  'duplicate': SegmentImportMetric.DUPLICATES,
};

export function publish(instance: string, report: Report): void {
  const telemetry = new Telemetry(instance);
  if (report.status === 'failed') telemetry.countReason(SegmentImportMetric.IMPORTS_FAILED, report.code ?? 'Unknown');
  else telemetry.count(METRICS[report.status]);
  if (report.rows.accepted > 0) telemetry.count(SegmentImportMetric.ROWS_ACCEPTED, report.rows.accepted);
  for (const [reason, count] of Object.entries(report.rows.reasons)) telemetry.countReason(SegmentImportMetric.ROWS_REJECTED, reason, count);
  if (report.job !== undefined && report.job.failed > 0) telemetry.count(SegmentImportMetric.MEMBERS_FAILED, report.job.failed);
  if (report.status !== 'duplicate') telemetry.duration(SegmentImportMetric.DURATION, report.durationMillis);
  telemetry.publish();
}
