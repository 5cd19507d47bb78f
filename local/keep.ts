import { REGION } from './environment';
import { writeReport } from './report';
import { RunResult } from './run';
import { Session } from './session';
import { summarize } from './summary';

export interface KeepOptions {
  readonly session: Session;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly refresh: () => Promise<RunResult>;
  /** File of the report, written anew at the end. */
  readonly report?: string;
}

/** Stays up until Ctrl-C: what is put on a stream goes on being handled. */
export async function keepUp({ session, say, signal, refresh, report }: KeepOptions): Promise<RunResult> {
  say(connection(session));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const result = await refresh();
  if (report !== undefined) writeReport(report, result.report);
  say(`\n${summarize(result.report)}\n`);
  return result;
}

/** What another shell needs for the AWS CLI or an SDK. */
function connection(session: Session): string {
  const { endpoints, host, key, services } = session;
  const variables = {
    ...Object.fromEntries(Object.entries(endpoints).map(([name, url]) => [`AWS_ENDPOINT_URL_${name.toUpperCase()}`, url])),
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_REGION: REGION,
  };
  return [
    'Staying up until Ctrl-C. For the AWS CLI or an SDK in another shell:',
    ...Object.entries(variables).map(([name, value]) => `  export ${name}=${value}`),
    `Streams: ${services.kinesis.streams.join(', ')}`,
    `Buckets: ${services.s3.buckets.join(', ')}`,
    `Functions: ${host.specs.map(({ name }) => name).join(', ')}`,
    `Domains of Customer Profiles: ${[...services.customerProfiles.domains.keys()].join(', ')}`,
    `Amazon Pinpoint applications: ${[...services.pinpoint.apps.keys()].join(', ')}`,
    ...webhookLines(session),
  ].join('\n');
}

/** Where a client sends to and what it needs to be known. The secret is a local one, of nobody's. */
function webhookLines({ apiServers, webhooks }: Session): string[] {
  return apiServers.flatMap(({ api: { methods, stages, construct }, url }) => {
    const webhook = webhooks.find(({ fn }) => methods.some(({ functionName }) => functionName === fn.name));
    const paths = methods.map(({ httpMethod, path }) => `${httpMethod} /${stages[0]?.name}${path}`);
    const known = webhook ? [`  verified by ${webhook.verification.kind}, secret: ${webhook.secret}`] : [];
    return [`Webhook of ${construct}: ${url}`, `  ${paths.join(', ')}`, ...known];
  });
}
