import { CdpDestinationOf } from '../../local/cdp/accounts';
import { CdpServer } from '../../local/cdp/server';
import { parseFaults } from '../../local/faults';
import { CdpDestinationConfig } from '../../src/contract/cdp-destination';

export const CONSTRUCT = 'Stack/Feedback';
const VALUES: Readonly<Record<string, string>> = { plain: 'the-key', key: 'the-key', secret: 'the-secret' };

export interface CdpHarness {
  readonly cdp: CdpServer;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<{ status: number; headers: Headers; json: unknown }>;
}

/** The emulated CDP with an account for each destination; `url` in a configuration is a path here. */
export async function startCdp(configs: readonly CdpDestinationConfig[], faults = ''): Promise<CdpHarness> {
  const cdp = await CdpServer.start(parseFaults(faults));
  const destinations = configs.map((config): CdpDestinationOf =>
    ({ construct: CONSTRUCT, config: 'url' in config ? { ...config, url: `${cdp.url}${config.url}` } : config }));
  cdp.accounts.open(destinations, ({ field = 'plain' }) => VALUES[field], cdp.url);
  return {
    cdp,
    post: async (path, body, headers = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(`${cdp.url}${path}`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
      const answer = await response.text();
      return { status: response.status, headers: response.headers, json: answer === '' ? undefined : JSON.parse(answer) as unknown };
    },
  };
}

export function basic(user: string, password = ''): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
