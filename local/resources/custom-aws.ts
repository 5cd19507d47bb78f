import { RefusedError } from '../errors';
import { ResourceHandler, requiredText } from './handler';

/** Calls of the deployment itself that nothing in a run could see. */
const WITHOUT_EFFECT: readonly string[] = ['ConnectCampaignsV2.PutConnectInstanceIntegration'];

/** The CDK's custom resource for a call of the SDK. */
export const customAws: ResourceHandler = {
  type: 'Custom::AWS',
  properties: ['Create'],
  ignored: ['Delete', 'InstallLatestAwsSdk', 'ServiceToken', 'Update'],
  create: (resource) => {
    const { service, action } = JSON.parse(requiredText(resource, 'Create')) as { service: string; action: string };
    if (!WITHOUT_EFFECT.includes(`${service}.${action}`)) throw new RefusedError(resource.path, `the call ${service}.${action} is not emulated`);
    return { ref: resource.name, attributes: {} };
  },
};
