import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { RefusedError, UsageError } from './errors';
import { placeOf, RuleSpec } from './events/rule';

/** The emulated S3 takes requests of up to 11 MiB. */
const PART_BYTES = 8 * 1024 * 1024;

/** A list to be dropped; it can be large, so it is read when it is dropped. */
export interface SegmentFile {
  readonly file: string;
  /** Object key; undefined: the prefix that the importer listens to, and the file's name. */
  readonly key?: string;
}

/** `FILE` or `KEY=FILE`; a file whose own name has an equals sign is taken as it is. */
export function readSegmentFile(argument: string): SegmentFile {
  const whole = statSync(argument, { throwIfNoEntry: false })?.isFile();
  const split = argument.lastIndexOf('=');
  const [key, file] = whole || split <= 0 ? [undefined, argument] : [argument.slice(0, split), argument.slice(split + 1)];
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new UsageError(`--segment ${argument}: can't read ${file}`);
  }
  if (!statSync(file).isFile()) throw new UsageError(`--segment ${argument}: ${file} is not a file`);
  return { file, key };
}

/** Undefined in an app without an importer. */
export function findImporter(rules: readonly RuleSpec[]): ReturnType<typeof placeOf> {
  return rules.map(placeOf).find((one) => one !== undefined);
}

/** The bucket and prefix that a rule of the app listens to. */
export function importerPlace(rules: readonly RuleSpec[]): { readonly bucket: string; readonly prefix: string } {
  const place = findImporter(rules);
  if (!place) throw new RefusedError('--segment', 'the app has no CdpSegmentImporter: no rule starts a state machine for new objects of a bucket');
  return place;
}

/** As a CDP would: a large file in parts, which is all that the emulated S3 takes of one. */
export async function drop(s3: S3Client, place: ReturnType<typeof importerPlace>, { file, key }: SegmentFile): Promise<void> {
  const params = { Bucket: place.bucket, Key: key ?? `${place.prefix}${basename(file)}`, Body: createReadStream(file) };
  await new Upload({ client: s3, params, partSize: PART_BYTES }).done();
}
