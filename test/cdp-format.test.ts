import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CdpEndpointSync, CdpFormat, EndpointTarget } from '../src';
import { parseCdpFormat } from '../src/contract/cdp-format';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:translate';

function givenStack(format: (stack: Stack) => CdpFormat): Template {
  const stack = new Stack(new App(), 'Stack');
  new CdpEndpointSync(stack, 'Sync', { target: EndpointTarget.pinpoint({ applicationId: 'app' }), format: format(stack) });
  return Template.fromStack(stack);
}

const translate = (stack: Stack) => lambda.Function.fromFunctionArn(stack, 'Translate', ARN);

const invocations = (template: Template) => Object.values(template.findResources('AWS::IAM::Policy'))
  .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
  .filter(({ Action }) => JSON.stringify(Action).includes('lambda:'));

test('function: the handler may invoke this function and nothing else', () => {
  expect(invocations(givenStack((stack) => CdpFormat.function(translate(stack))))).toEqual([{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: ARN }]);
});

test('no other format invokes anything', () => {
  expect(invocations(givenStack(() => CdpFormat.auto()))).toEqual([]);
});

test.each([[undefined, 100], [1, 1], [1000, 1000]])('function: at most %s messages an invocation', (maxBatchSize, expected) => {
  const stack = new Stack(new App(), 'Stack');
  const grantee = new lambda.Function(stack, 'Handler', { code: lambda.Code.fromInline('x'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X });
  const config = CdpFormat.function(translate(stack), { maxBatchSize })._bind(stack, { grantee });
  expect(parseCdpFormat(config, 'C')).toEqual({ kind: 'function', functionArn: ARN, maxBatchSize: expected });
});

test.each([0, 1001, 1.5])('fails with %s messages an invocation', (maxBatchSize) => {
  expect(() => CdpFormat.function(translate(new Stack()), { maxBatchSize })).toThrow(/`maxBatchSize` must be a whole number from 1 to 1000/);
});

test('fails with a function inside envelopes', () => {
  expect(() => givenStack((stack) => CdpFormat.cloudEvents({ format: CdpFormat.function(translate(stack)) }))).toThrow(/`format` must not be a function/);
});

test.each([
  [{ kind: 'function', functionArn: '', maxBatchSize: 1 }, 'C.functionArn'], [{ kind: 'function', functionArn: 'a', maxBatchSize: 0 }, 'C.maxBatchSize'],
  [{ kind: 'cloudevents' }, 'C.inner'], [{ kind: 'cloudevents', inner: { kind: 'x' } }, 'C.inner.kind'], [{ kind: 'auto', inner: { kind: 'auto' } }, 'C.inner'],
])('the handler refuses %j by its key', (config, key) => {
  expect(() => parseCdpFormat(config, 'C')).toThrow(expect.objectContaining({ path: key }));
});
