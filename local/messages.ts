import { readFileSync } from 'node:fs';
import { UsageError, messageOf } from './errors';

/** One message of an input file, as the bytes that a producer would put on the stream. */
export interface Message {
  /** Where it comes from, for errors and dead letters: `file:position`. */
  readonly source: string;
  readonly data: string;
  /** Undefined when the data is meant to be no JSON (a poison record of the story). */
  readonly value?: unknown;
}

/** Reads a JSON object, a JSON array of messages, or one message a line. */
export function readMessages(file: string): Message[] {
  return parseMessages(readText(file), file);
}

export function readText(file: string): string {
  try {
    // Exports of CDPs often begin with a byte order mark, which JSON.parse refuses.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error).replace(/, \w+ '.*'$/, '')}`);
  }
}

export function parseMessages(text: string, file: string): Message[] {
  const values = wholeDocument(text) ?? lines(text, file);
  if (values.length === 0) throw new UsageError(`${file}: holds no message`);
  return values.map((value, index) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`${file}: message ${index + 1} is not a JSON object`);
    }
    return { source: `${file}:${index + 1}`, data: written(value, `${file}: message ${index + 1}`), value };
  });
}

/** JSON.parse reads what JSON.stringify can't write. */
function written(value: object, message: string): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new UsageError(`${message} is nested too deep to be written again`);
  }
}

/** Undefined when the text is not one JSON document; then it must be NDJSON. */
function wholeDocument(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}

function lines(text: string, file: string): unknown[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch (error) {
      throw new UsageError(`${file}: line ${index + 1}: neither a JSON document nor one JSON message a line: ${messageOf(error)}`);
    }
  });
}
