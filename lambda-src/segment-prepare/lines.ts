import type { Output } from './outputs';
import type { Tally } from './tally';
import { Rejection } from '../runtime/errors';

/** Characters that are collected before they are written: a write for each row would cost more than the row. */
const FLUSH_LENGTH = 64 * 1024;

export interface LinesSpec {
  readonly output: Output;
  /** Opened with the first rejected row; most lists have none. */
  readonly rejects: () => Output;
  readonly tally: Tally;
  /** Bytes that this file may still have. */
  readonly maxBytes: number;
  /** Rows that all files of the list may have. */
  readonly maxRows?: number;
  /** Key of the file, for the rejected rows. */
  readonly file: string;
}

/** The lines of one file: those that were taken, and those that were not. */
export class Lines {
  /** Written so far. */
  public bytes = 0;
  public accepted = 0;
  private taken = '';
  private rejected = '';

  public constructor(private readonly spec: LinesSpec) {}

  public header(line: string): void {
    this.taken += `${line}\n`;
  }

  /** Takes the row, or rejects it with its line. Throws when the list as a whole is at its end. */
  public add(number: number, row: unknown, lineOf: () => string): void {
    try {
      this.taken += `${lineOf()}\n`;
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      this.reject(number, row, error);
      return;
    }
    this.accepted += 1;
    this.spec.tally.accept();
  }

  public reject(line: number, row: unknown, { code, message }: Rejection): void {
    const { tally, file } = this.spec;
    tally.reject(code);
    this.rejected += `${JSON.stringify({ file, line, code, reason: message, row })}\n`;
    const reason = tally.tooMany;
    if (reason) throw reason;
  }

  public get isFull(): boolean {
    return this.taken.length + this.rejected.length >= FLUSH_LENGTH;
  }

  public async flush(): Promise<void> {
    const text = this.taken;
    this.taken = '';
    if (text !== '') {
      this.bytes += Buffer.byteLength(text);
      if (this.bytes > this.spec.maxBytes) {
        throw new Rejection('ExportTooLarge', 'the prepared list is larger than one import may be; divide it into several segments');
      }
      this.checkRows();
      await this.spec.output.write(text);
    }
    await this.flushRejects();
  }

  private checkRows(): void {
    const { tally, maxRows = Infinity } = this.spec;
    if (tally.taken > maxRows) throw new Rejection('ExportTooLarge', `the list has more than the ${maxRows} rows that one import may have; divide it into several segments`);
  }

  public async flushRejects(): Promise<void> {
    const text = this.rejected;
    this.rejected = '';
    if (text !== '') await this.spec.rejects().write(text);
  }
}
