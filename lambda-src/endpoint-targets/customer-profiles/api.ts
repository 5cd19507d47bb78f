import { setTimeout as sleep } from 'node:timers/promises';
import {
  CustomerProfilesClient, DeleteProfileCommand, PutProfileObjectCommand, ResourceNotFoundException, SearchProfilesCommand,
} from '@aws-sdk/client-customer-profiles';
import type { Profile } from '@aws-sdk/client-customer-profiles';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CustomerProfilesRates } from '../../../src/contract/endpoint-target';
import { USER_KEY } from '../../../src/contract/profile-fields';
import { before } from '../../runtime/deadline';
import { backOff, Pace } from '../../runtime/pace';
import { Failure, serviceFailure } from '../../runtime/service-failure';
import type { TargetMeter } from '../index';
import { paceAttempts } from '../paced';

const CONNECTION_TIMEOUT_MILLIS = 3_000;
const REQUEST_TIMEOUT_MILLIS = 10_000;
/** The SDK's standard retry of 429 and 5xx, with full jitter and Retry-After honoured. */
const MAX_ATTEMPTS = 8;

/**
 * The service answers 400 while it writes the same profile, and wants to be asked again.
 * Known from AWS's own code (aws-amplify/amplify-backend, packages/backend-notifications), not from the API reference.
 */
const CONCURRENT_UPDATE = /concurrent update in-progress/i;
const MAX_CONCURRENT_UPDATES = 6;

export function failureOf(error: unknown): Failure {
  return isConcurrentUpdate(error) ? { kind: 'retry', code: 'ConcurrentUpdate' } : serviceFailure(error, 'Amazon Connect Customer Profiles');
}

const isConcurrentUpdate = (error: unknown): boolean => error instanceof Error && CONCURRENT_UPDATE.test(error.message);

/** The calls that the target makes, each attempt within its share of the published quota. */
export class CustomerProfilesApi {
  public deadline = 0;
  public meter?: TargetMeter;
  private readonly client: CustomerProfilesClient;

  public constructor(private readonly DomainName: string, rates: CustomerProfilesRates) {
    const requestHandler = new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MILLIS, requestTimeout: REQUEST_TIMEOUT_MILLIS, throwOnRequestTimeout: true,
    });
    this.client = new CustomerProfilesClient({ maxAttempts: MAX_ATTEMPTS, requestHandler });
    const paces: Readonly<Record<string, Pace>> = {
      PutProfileObjectCommand: new Pace(rates.putProfileObject),
      SearchProfilesCommand: new Pace(rates.searchProfiles),
      DeleteProfileCommand: new Pace(rates.deleteProfile),
    };
    paceAttempts(this.client.middlewareStack, (commandName) => paces[commandName], this);
  }

  public async putObject(ObjectTypeName: string, object: string): Promise<void> {
    const command = new PutProfileObjectCommand({ DomainName: this.DomainName, ObjectTypeName, Object: object });
    await this.attempt((abortSignal) => this.client.send(command, { abortSignal }));
  }

  /** The profiles that the key of the user leads to: none, one, or several that were made by someone else. */
  public async profilesOf(userId: string): Promise<Profile[]> {
    const profiles: Profile[] = [];
    let token: string | undefined;
    do {
      const command = new SearchProfilesCommand({ DomainName: this.DomainName, KeyName: USER_KEY, Values: [userId], NextToken: token });
      const { Items = [], NextToken } = await this.attempt((abortSignal) => this.client.send(command, { abortSignal }));
      profiles.push(...Items);
      token = NextToken;
    } while (token !== undefined);
    return profiles;
  }

  /** The domain is there, or the search before it had failed: what is not found is gone. */
  public async deleteProfile(ProfileId: string): Promise<void> {
    const command = new DeleteProfileCommand({ DomainName: this.DomainName, ProfileId });
    await this.attempt((abortSignal) => this.client.send(command, { abortSignal })).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    });
  }

  private async attempt<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await before(this.deadline, call);
      } catch (error) {
        if (!isConcurrentUpdate(error) || attempt >= MAX_CONCURRENT_UPDATES) throw error;
        await sleep(Math.min(backOff(attempt), Math.max(0, this.deadline - Date.now())));
      }
    }
  }
}
