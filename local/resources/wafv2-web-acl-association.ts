import { ResourceHandler } from './handler';

/** Accepted; the web ACL itself is not emulated. */
export const wafv2WebAclAssociation: ResourceHandler = {
  type: 'AWS::WAFv2::WebACLAssociation',
  properties: [],
  ignored: ['ResourceArn', 'WebACLArn'],
  create: (resource) => ({ ref: resource.name, attributes: {} }),
};
