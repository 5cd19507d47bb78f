import { Rules } from '../../local/events/rule';
import { Statement } from '../../local/iam/policy';
import { Recorder } from '../../local/recorder';
import { Machine } from '../../local/stepfunctions/machine';
import { Tasks } from '../../local/stepfunctions/tasks';

const ARN = 'arn:aws:states:us-east-1:111122223333:stateMachine:m';
const EVENT = { source: 'aws.s3', detail: { object: { key: 'segments/VIP.csv' } } };

function givenRules(statements: readonly Statement[], outcome?: string) {
  const recorder = new Recorder();
  const rules = new Rules({ recorder, statementsOf: () => statements, outcome: () => outcome });
  const spec = { name: 'm', arn: ARN, path: 'Lists/Machine', construct: 'Lists', roleId: 'Role', definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } } };
  const machine = new Machine(spec, new Tasks({}, { accessKeyId: 'k', secretAccessKey: 's' }));
  rules.machines.push(machine);
  rules.specs.push({ path: 'Lists/Rule', pattern: { source: ['aws.s3'] }, targets: [{ machineArn: ARN, roleId: 'RuleRole' }] });
  return { rules, recorder, machine };
}

test.each<[string, readonly Statement[], number]>([
  ['of its own', [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: ARN }], 1],
  ['of another machine', [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: `${ARN}2` }], 0],
  ['of something else', [{ Effect: 'Allow', Action: 'states:StopExecution', Resource: ARN }], 0],
  ['of nothing', [], 0],
])('a rule starts executions with the permissions %s', (_, statements, started) => {
  const { rules, recorder, machine } = givenRules(statements);
  rules.receive(EVENT);
  expect(machine.executions).toHaveLength(started);
  expect(recorder.denied).toEqual(started === 1 ? [] : [{ construct: 'Lists/Rule', action: 'states:StartExecution', resource: ARN }]);
});

test('what the pattern does not match starts nothing, and is no denial', () => {
  const { rules, recorder, machine } = givenRules([]);
  rules.receive({ ...EVENT, source: 'aws.ec2' });
  expect([machine.executions, recorder.denied]).toEqual([[], []]);
});

test('a notification may come twice', () => {
  const { rules, machine } = givenRules([{ Effect: 'Allow', Action: 'states:StartExecution', Resource: ARN }], 'duplicate');
  rules.receive(EVENT);
  expect(machine.executions).toHaveLength(2);
});

test('a target that is no state machine of the app is an error of the run', () => {
  const { rules, recorder } = givenRules([]);
  rules.machines.length = 0;
  rules.receive(EVENT);
  expect(recorder.errors.map(({ message }) => message)).toEqual([`Lists/Rule: the target ${ARN} is no state machine of the app`]);
});
