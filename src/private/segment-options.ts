import { Duration, Token } from 'aws-cdk-lib';
import { CdpSegmentImporterProps } from '../cdp-segment-importer-props';
import { checkEndpointIdTemplate } from './endpoint-mapping';
import { checkHandlerOptions } from './handler';
import { SegmentBuckets, WORK_PREFIX } from './segment-buckets';
import { checkDuration, checkInteger, checkText, refuse } from './validate';
import { WORK_AREAS } from '../contract/segment-import';

export const DEFAULT_PREFIX = 'segments';
export const DEFAULT_JOB_TIMEOUT = Duration.hours(2);
export const DEFAULT_MAX_REJECTED_ROWS = 1000;
/** The smaller of the two numbers that are documented. */
export const DEFAULT_MAX_CONCURRENT_JOBS = 2;

export function checkSegmentImporter(props: CdpSegmentImporterProps): void {
  checkHandlerOptions(props);
  checkText('prefix', props.prefix, new RegExp(`^(?!${WORK_PREFIX}(/|$))[\\w.-]+(/[\\w.-]+)*$`),
    `must be names of letters, digits and \`-_.\`, joined by slashes, and not begin with '${WORK_PREFIX}'`, "write it like 'segments'");
  checkText('exportMarker', props.exportMarker, /^[^/]+$/, 'must be the name of a file, without a slash', "write it like '_SUCCESS'");
  checkText('defaultCountry', props.defaultCountry, /^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in capitals', "write it like 'DE'");
  checkEndpointIdTemplate(props.endpointId);
  checkInteger('maxRejectedRows', props.maxRejectedRows, { min: 0, max: Number.MAX_SAFE_INTEGER, remedy: 'leave it out for 1000' });
  checkInteger('maxConcurrentJobs', props.maxConcurrentJobs, { min: 1, max: 10, remedy: 'leave it out for 2' });
  // The number of polls follows from it.
  if (props.jobTimeout?.isUnresolved()) refuse('jobTimeout', 'must be known at synthesis', 'a token', 'write the duration');
  checkDuration('jobTimeout', props.jobTimeout, { min: 300, max: 86400, remedy: 'leave it out for 2 hours' });
  checkColumns(props);
}

function checkColumns({ columns = {}, ignoredColumns = [] }: CdpSegmentImporterProps): void {
  if (Token.isUnresolved(columns)) return;
  const empty = Object.keys(columns).find((header) => header === '' || columns[header] === '');
  if (empty !== undefined) refuse('columns', 'must name a column for each header', empty, 'name the headers to leave out in `ignoredColumns`');
  const both = ignoredColumns.find((header) => header in columns);
  if (both !== undefined) refuse('ignoredColumns', 'must not name a header that `columns` maps', both, 'leave it out of one of them');
}

/** Where the target reads. */
export function preparedPrefix({ work }: SegmentBuckets): string {
  return `${work.prefix}/${WORK_AREAS.PREPARED}`;
}
