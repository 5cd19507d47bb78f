import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The documents name commands, files and warnings; names rot. (Their snippets are compiled by `npm run rosetta`.) */
const ROOT = path.resolve(__dirname, '..');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'UPGRADING.md', ...markdownIn('docs'), ...markdownIn('examples'), ...markdownIn('local')];

function markdownIn(folder: string): string[] {
  const absolute = path.join(ROOT, folder);
  if (!fs.existsSync(absolute)) return [];
  return fs.readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !/node_modules|cdk\.out/.test(file)).map((file) => path.join(folder, file)).sort();
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !fs.existsSync(path.join(ROOT, path.dirname(document), link)))).toEqual([]);
  });

  test('names only files of this repository that exist', () => {
    const named = [...text.matchAll(/`((?:src|lambda-src|test|local|bench|docs|projenrc|examples|rosetta)\/[\w./-]+)`/g)].map(([, file]) => file);
    expect(named.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});

test('every decision record is listed, has a status and the usual sections', () => {
  const folder = path.join(ROOT, 'docs/decisions');
  const index = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
  const records = fs.readdirSync(folder).filter((file) => /^\d{4}-/.test(file));
  expect(records.filter((file) => !index.includes(`(${file})`))).toEqual([]);
  for (const record of records) {
    const text = fs.readFileSync(path.join(folder, record), 'utf8');
    expect(text).toMatch(/^# \d{4}: .+\n\nStatus: (accepted|superseded by \d{4})\n\n## Context\n[^]+\n## Decision\n[^]+\n## Consequences\n/);
  }
});

test('no committed file names a path of the machine that wrote it', () => {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter((file) => fs.existsSync(path.join(ROOT, file)));
  // Not a part of a longer path or of an address, nor this expression.
  const machinePath = /(?<![\w.~)}*/-])\/(?:work|root|home|Users)\/\w/;
  const named = files.filter((file) => fs.statSync(path.join(ROOT, file)).isFile() && path.basename(file) !== 'package-lock.json').filter((file) => {
    const content = fs.readFileSync(path.join(ROOT, file));
    return !content.includes(0) && machinePath.test(content.toString('utf8'));
  });
  expect(files).toContain('README.md');
  expect(named).toEqual([]);
});
