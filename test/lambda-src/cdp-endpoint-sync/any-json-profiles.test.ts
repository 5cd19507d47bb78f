import { CustomerProfilesClient, DeleteProfileCommand, PutProfileObjectCommand, SearchProfilesCommand } from '@aws-sdk/client-customer-profiles';
import { Template } from 'aws-cdk-lib/assertions';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { customerProfilesObjectType } from '../../../local/resources/customerprofiles-object-type';
import { World } from '../../../local/resources/handler';
import { Domain } from '../../../local/services/customer-profiles/domain';
import { EndpointTarget } from '../../../src';
import { givenSync, templateOf } from '../../support/synth';
import { check, dataOf, Kind, SHAPES } from '../support/any-json';
import { createProfilesTarget, PROFILES_TARGET } from '../support/profiles';
import { batch } from '../support/records';
import { sync } from '../support/sync';

// A user that nobody knows is looked for several times.
jest.mock('node:timers/promises', () => ({ ...jest.requireActual('node:timers/promises'), setTimeout: async () => undefined }));

const { domainName } = PROFILES_TARGET;
const TEMPLATE: Template = templateOf(givenSync({ target: EndpointTarget.customerProfiles({ domainName, attributes: ['plan', 'tags'], metrics: ['ltv'] }) }));

/** A domain with the object types that the construct makes, in which everything is visible at once. */
function domain(): Domain {
  let clock = 0;
  const made = new Domain(domainName, () => clock += 1_000);
  const world = { createProfileObjectType: (_, type) => made.putObjectType(type) } as Partial<World> as World;
  for (const { Properties: properties } of Object.values(TEMPLATE.findResources('AWS::CustomerProfiles::ObjectType'))) {
    const resource = { logicalId: 'T', path: 'T', name: 'T', type: customerProfilesObjectType.type, properties, stack: undefined as never };
    void customerProfilesObjectType.create(resource, world);
  }
  return made;
}

const stub = mockClient(CustomerProfilesClient);

test.each(Object.keys(SHAPES) as Kind[])('whatever comes as %s is done, dropped or a dead letter, and no object is refused', async (format) => {
  await fc.assert(fc.asyncProperty(fc.array(dataOf(format), { minLength: 1, maxLength: 6 }), async (records) => {
    const profiles = domain();
    stub.reset();
    stub.on(PutProfileObjectCommand).callsFake(({ ObjectTypeName, Object: object }) => ({ ProfileObjectUniqueKey: profiles.putObject(ObjectTypeName, object) }));
    stub.on(SearchProfilesCommand).callsFake(({ KeyName, Values }) => ({ Items: profiles.search(KeyName, Values) }));
    stub.on(DeleteProfileCommand).callsFake(({ ProfileId }) => profiles.delete(ProfileId));
    const result = await sync(createProfilesTarget(), batch(...records), { format });
    check(result, records.length);
    expect(result.letters.filter(({ code }) => code === 'BadRequestException')).toEqual([]);
    profiles.settle(Infinity);
    expect(profiles.rejected).toEqual([]);
  }), { numRuns: 150 });
}, 60_000);
