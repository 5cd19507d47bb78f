import { CdpAccount, CdpApi, CdpRequest, HttpDestination } from './api';
import { mParticle } from './mparticle';
import { rudderStack, segment } from './segment';
import { tealium } from './tealium';
import { webhook } from './webhook';
import { CdpDestinationConfig, SecretConfig } from '../../src/contract/cdp-destination';
import { RefusedError } from '../errors';

/** One vocabulary more is one more file and its line here. */
const APIS: { readonly [Kind in HttpDestination['kind']]: CdpApi<Extract<HttpDestination, { kind: Kind }>> } = {
  segment, rudderstack: rudderStack, mparticle: mParticle, tealium, http: webhook,
};

/** A destination that a construct of the app has. */
export interface CdpDestinationOf {
  readonly construct: string;
  readonly config: CdpDestinationConfig;
}

/** The accounts that the emulated CDP has: one for each destination of the app. */
export class CdpAccounts {
  private accounts: readonly CdpAccount[] = [];

  /** `url` is the emulated CDP's own: a destination elsewhere would be called for real. */
  public open(destinations: readonly CdpDestinationOf[], secretOf: (secret: SecretConfig) => string | undefined, url: string): void {
    this.accounts = destinations.flatMap(({ construct, config }) => {
      if (!('url' in config)) return [];
      if (!config.url.startsWith(url)) {
        throw new RefusedError(construct, `sends to ${config.url}, which a local run must not call: let the app take the address from the context key "cdpUrl"`);
      }
      return [{ construct, config, secretOf }];
    });
  }

  /** Whose request this is: several destinations may serve a path, then the credentials tell. Undefined: nobody's. */
  public find(request: CdpRequest): OpenAccount | undefined {
    const serving = this.accounts.map((account) => new OpenAccount(account)).filter((account) => account.serves(request));
    return serving.find((account) => account.authorized(request)) ?? serving[0];
  }
}

/** An account with the API that it is reached by. */
export class OpenAccount {
  private readonly api: CdpApi;

  public constructor(private readonly account: CdpAccount) {
    // The kind picks the API that takes its configuration.
    this.api = APIS[account.config.kind] as unknown as CdpApi;
  }

  public get construct(): string {
    return this.account.construct;
  }

  public serves(request: CdpRequest): boolean {
    return this.api.serves(request, this.account);
  }

  public authorized(request: CdpRequest): boolean {
    return this.api.authorized(request, this.account);
  }

  public take(request: CdpRequest): ReturnType<CdpApi['take']> {
    return this.api.take(request, this.account);
  }
}
