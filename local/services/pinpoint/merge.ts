import { createHash, randomUUID } from 'node:crypto';
import type { EndpointRequest } from '@aws-sdk/client-pinpoint';
import { StoredEndpoint } from './store';

/** What UpdateEndpoint, an item of UpdateEndpointsBatch and the Endpoint of PutEvents have in common: all its members. */
export type EndpointUpdate = EndpointRequest;

export interface MergeOptions {
  readonly applicationId: string;
  readonly now: string;
}

/**
 * An update gives only what changes. Per attribute name its values replace the old ones, so `[]` clears them, and a name that
 * isn't mentioned stays (API/apps-application-id-endpoints; aws/aws-sdk-js#3180). That the fields of Demographic and Location
 * are merged one by one is our assumption.
 */
export function mergeEndpoint(before: StoredEndpoint | undefined, id: string, update: EndpointUpdate, options: MergeOptions): StoredEndpoint {
  const { User, ...given } = update;
  const base = before ?? newEndpoint(id, options);
  const Address = given.Address ?? base.Address;
  return {
    ...base,
    ...given,
    ...mapsOf(base, given),
    // "Amazon Pinpoint automatically sets this value to ACTIVE when you create an endpoint or update an existing endpoint."
    EndpointStatus: given.EndpointStatus ?? 'ACTIVE',
    OptOut: optOutOf(before, given, Address),
    EffectiveDate: given.EffectiveDate ?? options.now,
    RequestId: given.RequestId ?? randomUUID(),
    ...(User?.UserId === undefined ? {} : { userId: User.UserId }),
  };
}

/**
 * Without an address nobody can be reached: OptOut is ALL, whatever is sent, and adding an address later leaves it there
 * until NONE is sent (API/apps-application-id-endpoints, EndpointRequest.OptOut).
 */
function optOutOf(before: StoredEndpoint | undefined, given: EndpointUpdate, address: string | undefined): string {
  if (address === undefined) return 'ALL';
  return given.OptOut ?? before?.OptOut ?? 'NONE';
}

function mapsOf(base: StoredEndpoint, given: EndpointUpdate): Partial<StoredEndpoint> {
  const merged = {
    Attributes: mergeMap(base.Attributes, given.Attributes),
    Metrics: mergeMap(base.Metrics, given.Metrics),
    Demographic: mergeMap(base.Demographic, given.Demographic),
    Location: mergeMap(base.Location, given.Location),
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

function mergeMap<T extends object>(before: T | undefined, given: T | undefined): T | undefined {
  return before && given ? { ...before, ...given } : given ?? before;
}

function newEndpoint(id: string, { applicationId, now }: MergeOptions): StoredEndpoint {
  return { Id: id, ApplicationId: applicationId, CreationDate: now, CohortId: cohortOf(id) };
}

/** "A number from 0-99"; Pinpoint draws it at random, here it is the same in every run. */
function cohortOf(id: string): string {
  return String(createHash('sha256').update(id).digest().readUInt32BE() % 100);
}
