import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors';
import { total } from '../ledger';
import { Message, readMessages } from '../messages';
import { Report } from '../report';

const SEGMENT = join(__dirname, 'segment.ndjson');
/** A record that is no JSON, as a producer that was cut off would write it. */
const POISON = join(__dirname, 'poison.txt');

/** The sample data that is run when no input is given. */
export function storyMessages(format: string): Message[] {
  if (format !== 'segment') throw new UsageError(`--format ${format}: the built-in story is in the Segment spec; give --events FILE`);
  return [...readMessages(SEGMENT), { source: POISON, data: readFileSync(POISON, 'utf8').trimEnd() }];
}

/** The last words of the story: the same numbers as in the tables, as sentences. */
export function tellStory(report: Report, success: boolean): string {
  const counts = Object.values(report.records);
  const sum = (of: (one: typeof counts[number]) => number) => counts.reduce((all, one) => all + of(one), 0);
  const apps = Object.values(report.pinpoint);
  const endpoints = apps.reduce((all, app) => all + Object.keys(app.endpoints).length, 0);
  const events = apps.reduce((all, app) => all + app.events.length, 0);
  return [
    `${sum((one) => one.in)} messages of a CDP went onto the stream. ${sum((one) => one.done)} were taken: they are ${endpoints} endpoints and ${events} events now.`,
    `${sum((one) => total(one.dropped))} were dropped for a stated reason, ${sum((one) => one.deadLettered)} lie in the dead-letter bucket with theirs.${success ? ' None was lost.' : ''}`,
    'Try your own: npm run local -- --events FILE --report out.json',
  ].join('\n');
}
