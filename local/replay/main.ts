import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { feed } from '../feed';
import { readExport } from './read';
import { Users } from './users';

const USAGE = `npx tsx local/replay/main.ts [OPTIONS] FILE...

Puts the endpoints of an Amazon Pinpoint export on the stream of a CdpEndpointSync whose format is CdpFormat.pinpoint() or CdpFormat.auto().
FILE is an exported file (one JSON object per line) or a CSV file with Amazon Pinpoint's columns (*.csv), compressed (*.gz) or not.
Without --stream and --out nothing is written: only what the files hold is told, with the names for the props attributes and metrics.

  --stream NAME      writes to this Kinesis stream, with the credentials and the Region of the environment
  --out FILE         writes the records to a file instead, one per line: npm run local -- --format pinpoint --events FILE
  --user-from-endpoint  takes the id of an endpoint that no user has for the id of its user; without it such endpoints become dead letters
`;

/** Records that are read into a call's list before they are sent. */
const CHUNK = 1_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true, options: { 'stream': { type: 'string' }, 'out': { type: 'string' }, 'user-from-endpoint': { type: 'boolean' } },
  });
  if (positionals.length === 0) throw new Error(USAGE);
  const users = new Users({ userFromEndpoint: values['user-from-endpoint'] });
  for (const file of positionals) for await (const endpoint of readExport(file)) users.add(endpoint);
  console.log(JSON.stringify(users.inventory(), null, 2));
  if (values.out !== undefined) await write(users, values.out);
  if (values.stream !== undefined) await send(users, values.stream);
}

async function write(users: Users, file: string): Promise<void> {
  const lines = function* () { for (const { body } of users.records()) yield `${JSON.stringify(body)}\n`; };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

async function send(users: Users, stream: string): Promise<void> {
  const client = new KinesisClient({});
  const { signal } = new AbortController();
  let [chunk, sent]: [{ data: Buffer; partitionKey: string }[], number] = [[], 0];
  const flush = async () => {
    await feed(client, stream, chunk, signal);
    sent += chunk.length;
    chunk = [];
    console.log(`${sent} records sent`);
  };
  for (const { partitionKey, body } of users.records()) {
    chunk.push({ partitionKey, data: Buffer.from(JSON.stringify(body)) });
    if (chunk.length === CHUNK) await flush();
  }
  if (chunk.length > 0) await flush();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
