import { Json, Physical, Template } from '../../local/template/model';
import { creationOrder, referencesIn } from '../../local/template/references';
import { Resolver } from '../../local/template/resolver';

const PHYSICAL: Readonly<Record<string, Physical>> = {
  Stream: { ref: 'stream-name', attributes: { 'Arn': 'arn:stream', 'Nested.Name': 'nested' } },
};

function resolver(template: Template = {}): Resolver {
  return new Resolver({
    template,
    pseudo: { 'AWS::Region': 'us-east-1', 'AWS::AccountId': '123456789012' },
    physical: (id) => PHYSICAL[id],
    imported: (name) => (name === 'Shared' ? 'shared-value' : undefined),
  });
}

const resolve = (value: Json, template?: Template) => resolver(template).resolve(value, 'Stack/Thing');

test.each<[string, Json, Json]>([
  ['Ref of a resource', { Ref: 'Stream' }, 'stream-name'],
  ['Ref of a pseudo-parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['GetAtt as a list', { 'Fn::GetAtt': ['Stream', 'Arn'] }, 'arn:stream'],
  ['GetAtt as a text, with a dotted attribute', { 'Fn::GetAtt': 'Stream.Nested.Name' }, 'nested'],
  ['Join of a list with intrinsics', { 'Fn::Join': [':', ['a', { Ref: 'AWS::AccountId' }, 7]] }, 'a:123456789012:7'],
  ['Sub', { 'Fn::Sub': 'x-${AWS::Region}-${Stream}-${Stream.Arn}-${!Kept}' }, 'x-us-east-1-stream-name-arn:stream-${Kept}'],
  ['Sub with variables', { 'Fn::Sub': ['${A}$&${Stream}', { A: { Ref: 'AWS::Region' } }] }, 'us-east-1$&stream-name'],
  ['Select and Split', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
  ['ImportValue', { 'Fn::ImportValue': 'Shared' }, 'shared-value'],
  ['objects with more than one key', { Ref: 'Stream', Other: 1 }, { Ref: 'Stream', Other: 1 }],
])('%s', (_name, value, expected) => {
  expect(resolve(value)).toEqual(expected);
});

test('conditions', () => {
  const template: Template = {
    Conditions: {
      IsEast: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      NotEast: { 'Fn::Not': [{ Condition: 'IsEast' }] },
      Either: { 'Fn::Or': [{ Condition: 'NotEast' }, { Condition: 'IsEast' }] },
      Both: { 'Fn::And': [{ Condition: 'NotEast' }, { Condition: 'IsEast' }] },
    },
  };
  const chosen = (name: string) => resolve({ 'Fn::If': [name, 'yes', 'no'] }, template);
  expect(['IsEast', 'NotEast', 'Either', 'Both'].map(chosen)).toEqual(['yes', 'no', 'yes', 'no']);
});

test('NoValue removes a property and an element', () => {
  expect(resolve({ A: { Ref: 'AWS::NoValue' }, B: [1, { Ref: 'AWS::NoValue' }, 2] })).toEqual({ B: [1, 2] });
});

test('FindInMap and parameters with a default', () => {
  const template: Template = {
    Mappings: { Sizes: { 'us-east-1': { small: 1 } } },
    Parameters: { Size: { Type: 'String', Default: 'small' }, Ssm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' } },
  };
  expect(resolve({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, { Ref: 'Size' }] }, template)).toBe(1);
  expect(() => resolve({ Ref: 'Ssm' }, template)).toThrow('Stack/Thing: parameter Ssm has no value here');
});

test.each<[Json, RegExp]>([
  [{ 'Fn::GetAZs': '' }, /Stack\/Thing: the intrinsic function Fn::GetAZs is not emulated/],
  [{ 'Fn::Transform': {} }, /Fn::Transform is not emulated/],
  [{ Ref: 'Nobody' }, /Ref to Nobody, which does not exist/],
  [{ 'Fn::GetAtt': ['Stream', 'Colour'] }, /the attribute Colour of Stream is not emulated/],
  [{ 'Fn::ImportValue': 'Other' }, /no stack of the app exports Other/],
  [{ 'Fn::Join': [',', 'no list'] }, /expected a list/],
  [{ 'Fn::If': ['Nothing', 1, 2] }, /unknown condition Nothing/],
])('%j stops the run with the path of the construct', (value, message) => {
  expect(() => resolve(value)).toThrow(message);
});

describe('order of creation', () => {
  test('references of every kind', () => {
    const value: Json = [{ Ref: 'A' }, { 'Fn::GetAtt': ['B', 'Arn'] }, { 'Fn::GetAtt': 'C.Arn' }, { 'Fn::Sub': '${D} ${E.Arn} ${!F}' }];
    expect(referencesIn(value)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  test('what is needed comes first', () => {
    const order = creationOrder({
      Mapping: { Type: 'M', Properties: { Fn: { Ref: 'Function' } }, DependsOn: 'Policy' },
      Function: { Type: 'F', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }, DependsOn: ['Role'] },
      Policy: { Type: 'P', Properties: { Roles: [{ Ref: 'Role' }] } },
      Role: { Type: 'R' },
    });
    expect(order).toEqual(['Role', 'Function', 'Policy', 'Mapping']);
  });

  test('a circle is refused', () => {
    expect(() => creationOrder({ A: { Type: 'T', DependsOn: 'B' }, B: { Type: 'T', DependsOn: 'A' } })).toThrow(/circular dependency: A -> B -> A/);
  });
});
