import { randomUUID } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import { prepareList } from './list';
import { SegmentImportMetric, WORK_AREAS } from '../../src/contract/segment-import';
import type { SegmentPrepareConfig } from '../../src/contract/segment-prepare';
import { Rejection } from '../runtime/errors';
import { Telemetry } from '../runtime/telemetry';
import type { Documents } from '../segment-import/documents';
import { ImportIdentity, PreparedImport } from '../segment-import/import-document';
import { isNameTooLong, MAX_SEGMENT_NAME_BYTES, Place, placeOf } from '../segment-import/layout';
import { importIdOf, Notification, notificationOf } from '../segment-import/notification';
import { orderOf } from '../segment-import/order';
import { s3Error } from '../segment-import/s3-error';
import type { Rows } from '../segment-targets';
import { Inbox, SourceFile } from './inbox';
import type { Outputs } from './outputs';
import { Tally } from './tally';

export interface PrepareDeps {
  readonly config: SegmentPrepareConfig;
  readonly rowsOf: (cut: (reason: string) => void) => Rows;
  readonly inbox: Inbox;
  readonly outputs: Outputs;
  readonly claims: Documents;
  readonly logger: Pick<Logger, 'info'>;
  /** A name for an attempt that no other has. */
  readonly attempt?: () => string;
}

/** What the state machine sends. */
export interface PrepareRequest {
  readonly execution: string;
  readonly event: unknown;
}

/** Reads what a notification stands for and leaves files that the target takes. */
export function createPrepare(deps: PrepareDeps) {
  const { config, claims, logger } = deps;
  return async ({ execution, event }: PrepareRequest): Promise<PreparedImport> => {
    const notification = notificationOf(event);
    const place = placeOf(notification.key, config.inbox);
    if (place.kind === 'ignored') return ignored(config.instance, place.reason);
    const identity = identityOf(notification, place.segment);
    const isOurs = await claim(claims, identity.importId, execution);
    const prepared: PreparedImport = isOurs ? await prepare(deps, identity, notification, place) : { ...identity, status: 'duplicate' };
    const { status, ...rest } = prepared;
    const [code, rows] = ['code' in rest ? rest.code : undefined, 'rows' in rest ? rest.rows : undefined];
    logger.info('prepared', { importId: identity.importId, status, code, rows: { ...rows } });
    return prepared;
  };
}

function ignored(instance: string, reason: string): PreparedImport {
  const telemetry = new Telemetry(instance);
  telemetry.countReason(SegmentImportMetric.FILES_IGNORED, reason);
  telemetry.publish();
  return { status: 'ignored', reason };
}

function identityOf(notification: Notification, segment: string): ImportIdentity {
  const { bucket, key, etag } = notification;
  return { importId: importIdOf(notification), segment, order: orderOf(notification), source: { bucket, key, etag } };
}

/** An import belongs to the execution that took it first; the same one may come back to it. */
async function claim(claims: Documents, importId: string, execution: string): Promise<boolean> {
  const key = `${WORK_AREAS.CLAIMS}/${importId}.json`;
  if (await claims.create(key, { version: 1, execution })) return true;
  return (await claims.read<{ execution: string }>(key)).document.execution === execution;
}

type ListPlace = Exclude<Place, { kind: 'ignored' }>;

/** A list that can't be used is an answer; anything else that goes wrong is thrown, for the state machine to try again. */
async function prepare(deps: PrepareDeps, identity: ImportIdentity, notification: Notification, place: ListPlace): Promise<PreparedImport> {
  const { config, rowsOf, outputs, inbox } = deps;
  const tally = new Tally(config.rows.maxRejectedRows);
  const below = (area: string) => `${area}/${identity.segment}/${identity.importId}.ndjson`;
  const rejects = { key: below(WORK_AREAS.REJECTS), url: outputs.urlOf(below(WORK_AREAS.REJECTS)) };
  const outcome = () => ({ ...identity, rows: tally.counts(), ...tally.hasRejects && { rejects: rejects.url } });
  try {
    if (isNameTooLong(identity.segment)) throw new Rejection('SegmentNameTooLong', `the name of the segment has more than ${MAX_SEGMENT_NAME_BYTES} bytes`);
    const rows = rowsOf(tally.cut);
    rows.checkSegment?.(identity.segment);
    const files = await filesOf(inbox, notification, place);
    // A folder for each attempt: the target reads all that lies in one, and an attempt that broke off may have left files of its own.
    const folder = `${WORK_AREAS.PREPARED}/${identity.importId}/${(deps.attempt ?? randomUUID)()}`;
    const list = await prepareList({ files, rows, inbox, outputs, folder, rejectsKey: rejects.key, tally });
    return { ...outcome(), status: 'ready', url: outputs.urlOf(`${folder}/`), ...list };
  } catch (error) {
    // A connection that breaks while a list is read is worth another attempt.
    if (!(error instanceof Rejection)) throw s3Error(error);
    if (error.code === 'SourceChanged' && place.kind === 'file') return { ...identity, status: 'superseded' };
    return { ...outcome(), status: 'failed', code: error.code, reason: error.message };
  }
}

async function filesOf(inbox: Inbox, { key, etag, size }: Notification, place: ListPlace): Promise<SourceFile[]> {
  // A marker such as `manifest.json` is a file of the folder, but not of the list.
  const files = place.kind === 'file' ? [{ key, etag, size }] : (await inbox.list(place.folder)).filter((file) => file.key !== key);
  const filled = files.filter((file) => file.size > 0);
  if (filled.length === 0) throw new Rejection('EmptyFile', place.kind === 'file' ? 'the file is empty' : 'every file of the folder is empty');
  return filled;
}
