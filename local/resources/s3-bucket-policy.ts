import { RefusedError } from '../errors';
import { ResourceHandler, requiredText } from './handler';
import { Statement } from '../iam/policy';
import { statementsIn } from '../template/roles';

export const s3BucketPolicy: ResourceHandler = {
  type: 'AWS::S3::BucketPolicy',
  properties: ['Bucket', 'PolicyDocument'],
  ignored: [],
  create: (resource) => {
    const unknown = statementsIn(resource.properties.PolicyDocument, resource.path).find((statement) => !hasNoEffectHere(statement));
    if (unknown) throw new RefusedError(resource.path, `a bucket policy is not evaluated: ${JSON.stringify(unknown)}`);
    return { ref: requiredText(resource, 'Bucket'), attributes: {} };
  },
};

/**
 * The run evaluates the policies of roles. Two kinds of bucket statement can't change what it sees: the refusal of plain
 * HTTP (the local wire stands for TLS), and what is allowed to AWS services and other roles of the deployment itself.
 */
function hasNoEffectHere(statement: Statement): boolean {
  if (statement.Effect === 'Deny') return Object.keys(statement.Condition ?? {}).length === 1 && isTransportRule(statement);
  return statement.Effect === 'Allow';
}

function isTransportRule({ Condition = {} }: Statement): boolean {
  const [[operator, keys] = ['', {}]] = Object.entries(Condition);
  return ['Bool', 'NumericLessThan'].includes(operator)
    && Object.keys(keys).every((key) => ['aws:SecureTransport', 's3:TlsVersion'].includes(key));
}
