import * as fs from 'node:fs';
import * as path from 'node:path';
import { createFormat } from '../../../lambda-src/formats';
import type { CdpMessage } from '../../../lambda-src/model';
import { Rejection } from '../../../lambda-src/runtime/errors';
import type { CdpFormatConfig, CdpFormatKind } from '../../../src/contract/cdp-format';

/** A configuration of a kind; envelopes hold what is recognized by its shape. */
export const formatConfig = (kind: CdpFormatKind): CdpFormatConfig => kind === 'cloudevents'
  ? { kind, inner: { kind: 'auto' } } : { kind } as CdpFormatConfig;

export const ARRIVED = { id: 'shardId-000:1.0', at: '2026-11-23T11:11:11.111Z' };

export const fixture = <T = any>(file: string): T => JSON.parse(fs.readFileSync(path.join(__dirname, '../../fixtures', file), 'utf8')) as T;

export interface Read {
  readonly messages: readonly CdpMessage[];
  readonly cuts: string[];
}

/** Everything a format makes of one body: for each part its messages, or the code of its refusal. */
export function readAll(kind: CdpFormatKind, body: unknown): (readonly CdpMessage[] | string)[] {
  const format = createFormat(formatConfig(kind));
  return format.split(body).map((part) => {
    try {
      return format.read(part as Record<string, unknown>, ARRIVED, () => undefined);
    } catch (error) {
      if (error instanceof Rejection) return error.code;
      throw error;
    }
  });
}

/** What a format makes of a body that is one message. */
export function readOne(kind: CdpFormatKind, body: object): Read {
  const cuts: string[] = [];
  const messages = createFormat(formatConfig(kind)).read(body as Record<string, unknown>, ARRIVED, (reason) => cuts.push(reason));
  return { messages, cuts };
}
