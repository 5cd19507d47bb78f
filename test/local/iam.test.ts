import { Keys } from '../../local/iam/keys';
import { isAllowed, Statement } from '../../local/iam/policy';

const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:queue';
const allow = (extra: Partial<Statement> = {}): Statement => ({ Effect: 'Allow', Action: '*', Resource: '*', ...extra });
const send = { action: 'sqs:SendMessage', resource: QUEUE };

describe('actions and resources', () => {
  test.each<[string, Statement[], boolean]>([
    ['nothing allows', [], false],
    ['all', [allow()], true],
    ['exact', [allow({ Action: 'sqs:SendMessage', Resource: QUEUE })], true],
    ['an action\'s case doesn\'t matter', [allow({ Action: 'SQS:sendmessage' })], true],
    ['a resource\'s case does', [allow({ Resource: QUEUE.toUpperCase() })], false],
    ['action wildcards', [allow({ Action: ['s3:*', 'sqs:Send*'] })], true],
    ['one character', [allow({ Resource: `${QUEUE.slice(0, -1)}?` })], true],
    ['? is exactly one', [allow({ Resource: `${QUEUE}?` })], false],
    ['a dot is a dot', [allow({ Action: 'sqs.SendMessage' })], false],
    ['other action', [allow({ Action: 'sqs:ReceiveMessage' })], false],
    ['a wildcard stays in its field', [allow({ Resource: 'arn:aws:sqs:*:queue' })], false],
    ['wildcards per field', [allow({ Resource: 'arn:*:sqs:*:*:q*e' })], true],
    ['fields left out match anything', [allow({ Resource: 'arn:aws:sqs:*' })], true],
    ['deny wins', [allow(), { Effect: 'Deny', Action: 'sqs:*', Resource: '*' }], false],
    ['deny of something else', [allow(), { Effect: 'Deny', Action: 's3:*', Resource: '*' }], true],
    ['NotAction', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], true],
    ['NotAction excludes', [{ Effect: 'Allow', NotAction: ['iam:*', 'sqs:*'], Resource: '*' }], false],
    ['NotResource excludes', [{ Effect: 'Allow', Action: '*', NotResource: [QUEUE] }], false],
    ['Deny NotResource', [allow(), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:sqs:us-east-1:111122223333:other' }], false],
  ])('%s', (_, statements, expected) => expect(isAllowed(statements, send)).toBe(expected));

  test('an ARN with colons and slashes in its resource', () => {
    const logs = 'arn:aws:logs:us-east-1:111122223333:log-group:/aws';
    const matches = (pattern: string, resource: string) => isAllowed([allow({ Resource: pattern })], { action: 'x:Y', resource });
    expect(matches(`${logs}/*:*`, `${logs}/lambda/f:log-stream:x`)).toBe(true);
    expect(matches('arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/b:c')).toBe(true);
    expect(matches('arn:aws:s3:::b', 'arn:aws:s3:::b/a')).toBe(false);
  });
});

describe('conditions', () => {
  const context = {
    's3:prefix': 'in/2026',
    'aws:SourceArn': 'arn:aws:sns:us-east-1:111122223333:topic',
    'aws:SecureTransport': 'true',
    'aws:TagKeys': ['a', 'b'],
    'n': '5',
  };
  test.each<[string, Record<string, unknown>, boolean]>([
    ['StringEquals', { 's3:prefix': ['x', 'in/2026'] }, true],
    ['StringEquals', { 'S3:Prefix': 'in/2026' }, true],
    ['StringEquals', { 's3:prefix': 'in/*' }, false],
    ['StringEquals', { absent: 'x' }, false],
    ['StringEqualsIfExists', { absent: 'x' }, true],
    ['StringEqualsIfExists', { 's3:prefix': 'x' }, false],
    ['StringEqualsIgnoreCase', { 's3:prefix': 'IN/2026' }, true],
    ['StringNotEquals', { 's3:prefix': 'in/2026' }, false],
    ['StringNotEquals', { absent: 'x' }, true],
    ['StringLike', { 's3:prefix': 'in/????' }, true],
    ['StringNotLike', { 's3:prefix': ['x', 'in/*'] }, false],
    ['ArnLike', { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:t*' }, true],
    ['ArnEquals', { 'aws:SourceArn': 'arn:aws:sns:*:*:other' }, false],
    ['ArnNotLike', { 'aws:SourceArn': 'arn:aws:sns:*:*:other' }, true],
    ['Bool', { 'aws:SecureTransport': true }, true],
    ['Bool', { 'aws:SecureTransport': 'false' }, false],
    ['BoolIfExists', { absent: 'false' }, true],
    ['Null', { absent: 'true' }, true],
    ['Null', { 's3:prefix': 'true' }, false],
    ['Null', { 's3:prefix': false }, true],
    ['NumericLessThanEquals', { n: 5 }, true],
    ['NumericGreaterThan', { n: '5' }, false],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': ['b', 'c'] }, true],
    ['ForAnyValue:StringLike', { 'aws:TagKeys': 'c*' }, false],
    ['ForAnyValue:StringEquals', { absent: 'b' }, false],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': ['b', 'c'] }, false],
    ['ForAllValues:StringEquals', { absent: 'b' }, true],
    ['StringEquals', { 's3:prefix': 'in/2026', 'absent': 'x' }, false],
  ])('%s %j', (operator, keys, expected) => expect(isAllowed([allow({ Condition: { [operator]: keys } })], { ...send, context })).toBe(expected));
});

describe('what can\'t be evaluated is refused by name', () => {
  test.each<[string, Partial<Statement>]>([
    ['condition operator DateLessThan', { Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01' } } }],
    ['condition operator IpAddress', { Condition: { StringEquals: { a: 'no' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
    ['condition operator toString', { Condition: { toString: { a: 'b' } } }],
    ['policy variables', { Resource: 'arn:aws:s3:::${aws:username}' }],
    ['Resource in a policy statement is not a string', { Resource: [{ 'Fn::GetAtt': ['Q', 'Arn'] }] as unknown as string[] }],
    ['either Action or NotAction', { Action: undefined }],
    ['either Resource or NotResource', { NotResource: 'arn:aws:sqs:::x' }],
    ['NotPrincipal', { NotPrincipal: '*' }],
    ['has many values', { Condition: { StringEquals: { tags: 'a' } } }],
  ])('%s', (message, extra) => {
    expect(() => isAllowed([allow(extra)], { ...send, context: { tags: ['a', 'b'] } })).toThrow(message);
  });

  test('a statement that is about something else is not looked at further', () => {
    expect(isAllowed([allow(), allow({ Action: 's3:*', Condition: { DateLessThan: {} } })], send)).toBe(true);
  });
});

test('principals of trust and resource policies', () => {
  const statement = (Principal: Statement['Principal']): Statement[] => [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }];
  const assume = { action: 'sts:AssumeRole', resource: '*', principal: 'lambda.amazonaws.com' };
  expect(isAllowed(statement({ Service: ['x', 'lambda.amazonaws.com'] }), assume)).toBe(true);
  expect(isAllowed(statement({ Service: 'states.amazonaws.com' }), assume)).toBe(false);
  expect(isAllowed(statement('*'), assume)).toBe(true);
  expect(() => isAllowed(statement({ Service: 'x' }), { ...assume, principal: undefined })).toThrow('known principal');
});

test('keys', () => {
  const keys = new Keys();
  const { accessKeyId } = keys.issue({ construct: 'App/Sync', roleId: 'Role' });
  expect(keys.issue({ construct: 'local' }).accessKeyId).not.toBe(accessKeyId);
  expect(accessKeyId).toMatch(/^[A-Z0-9]{20}$/);
  const none = new URLSearchParams();
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0`;
  expect(keys.callerOf({ authorization }, none)).toEqual({ accessKeyId, construct: 'App/Sync', roleId: 'Role' });
  expect(keys.callerOf({}, new URLSearchParams({ 'X-Amz-Credential': `${accessKeyId}/20261123/us-east-1/s3/aws4_request` }))?.construct).toBe('App/Sync');
  expect(keys.callerOf({ authorization: authorization.replace(accessKeyId, 'AKIAOTHER') }, none)).toBeUndefined();
  expect(keys.callerOf({}, none)).toBeUndefined();
});
