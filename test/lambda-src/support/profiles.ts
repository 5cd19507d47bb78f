import { CustomerProfilesClient, DeleteProfileCommand, Profile, PutProfileObjectCommand, SearchProfilesCommand } from '@aws-sdk/client-customer-profiles';
import { AwsClientStub, mockClient } from 'aws-sdk-client-mock';
import { TARGET_OPTIONS } from './mapping';
import type { EndpointTargetAdapter } from '../../../lambda-src/endpoint-targets';
import { createCustomerProfilesTarget } from '../../../lambda-src/endpoint-targets/customer-profiles';
import type { CustomerProfilesEndpointTargetConfig } from '../../../src/contract/endpoint-target';

export const PROFILES_TARGET: CustomerProfilesEndpointTargetConfig = {
  kind: 'customerProfiles', domainName: 'amazon-connect-shop', userObjectType: 'CdpUser', eventObjectType: 'CdpEvent',
  attributes: ['Name', 'plan', 'tags'], metrics: ['ltv'], requestsPerSecond: { putProfileObject: 1e6, searchProfiles: 1e6, deleteProfile: 1e6 },
};

export const createProfilesTarget = (config: Partial<CustomerProfilesEndpointTargetConfig> = {}): EndpointTargetAdapter =>
  createCustomerProfilesTarget({ ...PROFILES_TARGET, ...config }, TARGET_OPTIONS);

export type ProfilesStub = AwsClientStub<CustomerProfilesClient>;

/** Refuses whatever a test does not expect. */
export function mockProfiles(): ProfilesStub {
  const stub = mockClient(CustomerProfilesClient);
  beforeEach(() => {
    stub.reset();
    stub.rejects(new Error('unexpected call'));
  });
  return stub;
}

/** Takes whatever comes; a search finds what the test knows of a user. */
export function takeAll(stub: ProfilesStub, known: Readonly<Record<string, readonly Profile[]>> = {}): void {
  stub.on(PutProfileObjectCommand).resolves({ ProfileObjectUniqueKey: 'key' });
  stub.on(SearchProfilesCommand).callsFake(({ Values }) => ({ Items: known[Values[0]] ?? [] }));
  stub.on(DeleteProfileCommand).resolves({ Message: 'deleted' });
}

/** The calls in order: `Search u`, `Delete p1`, or the type and the object that was put. */
export function profileCalls(stub: ProfilesStub): unknown[] {
  return stub.calls().map(({ args: [command] }) => {
    const input = command.input as any;
    if (command instanceof SearchProfilesCommand) return `Search ${input.KeyName} ${String(input.Values)}`;
    return command instanceof DeleteProfileCommand ? `Delete ${input.ProfileId}` : [input.ObjectTypeName, JSON.parse(input.Object)];
  });
}

/** What was put of users. */
export const usersPut = (stub: ProfilesStub): any[] => profileCalls(stub).flatMap((call: any) => call[0] === 'CdpUser' ? [call[1]] : []);

export function serviceError(name: string, status: number, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}
