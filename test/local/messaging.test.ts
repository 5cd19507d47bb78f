import { Rules } from '../../local/events/rule';
import { StreamTarget } from '../../local/events/stream-target';
import { Statement } from '../../local/iam/policy';
import { Mail } from '../../local/messaging/mail';
import { Texts } from '../../local/messaging/texts';
import { Topics } from '../../local/messaging/topics';
import { invocationsOf, callerOf } from '../../local/offer-callers';
import { Recorder } from '../../local/recorder';
import { JsonObject } from '../../local/template/model';
import mails from '../fixtures/ses/events.json';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:Topic';
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:Queue';

describe('what services publish to a topic', () => {
  const allow = (service: string, action: string, resource: string, sourceArn: string): Statement => ({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: action,
    Resource: resource,
    Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' }, ArnLike: { 'aws:SourceArn': sourceArn } },
  });
  const ON_TOPIC = allow('sms-voice.amazonaws.com', 'sns:Publish', TOPIC, 'arn:aws:sms-voice:us-east-1:123456789012:*');
  const ON_QUEUE = allow('sns.amazonaws.com', 'sqs:SendMessage', QUEUE, TOPIC);

  function given(onTopic: Statement, onQueue: Statement) {
    const recorder = new Recorder();
    const sent: unknown[] = [];
    const sqs = { send: async ({ input }: { input: object }) => void sent.push(input) };
    const topics = new Topics(recorder, () => sqs as never, (name) => `http://sqs/${name}`);
    topics.addPolicy(TOPIC, [onTopic]);
    topics.addPolicy(QUEUE, [onQueue]);
    topics.subscriptions.push({ topicArn: TOPIC, queueArn: QUEUE });
    return { recorder, sent, texts: new Texts(topics) };
  }

  test('gets to the queue', async () => {
    const { texts, sent } = given(ON_TOPIC, ON_QUEUE);
    await texts.publish('{}');
    expect(sent).toEqual([{ QueueUrl: 'http://sqs/Queue', MessageBody: '{}' }]);
  });

  test.each<[string, Statement, Statement]>([
    ['the topic is for another service', { ...ON_TOPIC, Principal: { Service: 'ses.amazonaws.com' } }, ON_QUEUE],
    ['the topic is for another account', { ...ON_TOPIC, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } } }, ON_QUEUE],
    ['the queue is for another topic', ON_TOPIC, { ...ON_QUEUE, Condition: { ArnLike: { 'aws:SourceArn': `${TOPIC}2` } } }],
    ['the queue does not allow sending', ON_TOPIC, { ...ON_QUEUE, Action: 'sqs:ReceiveMessage' }],
  ])('is refused when %s', async (_, onTopic, onQueue) => {
    const { texts, sent, recorder } = given(onTopic, onQueue);
    await expect(texts.publish('{}')).rejects.toThrow('its policy does not let');
    expect(sent).toEqual([]);
    expect(recorder.denied).toHaveLength(1);
  });
});

describe('what Amazon SES publishes', () => {
  function given(destinationTypes?: readonly string[]) {
    const put: JsonObject[] = [];
    const rules = new Rules({ recorder: new Recorder(), statementsOf: () => [], outcome: () => undefined });
    const stream = { put: (event: JsonObject) => void put.push(event) } as unknown as StreamTarget;
    const pattern = { source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': ['ours'] } } } };
    rules.specs.push({ path: 'Stack/Rule', pattern, targets: [{ stream }] });
    const mail = new Mail(rules);
    if (destinationTypes) mail.destinations.push({ configurationSet: 'ours', types: destinationTypes });
    return { mail, put };
  }

  test('is taken by the rule, under the name of the only configuration set', () => {
    const { mail, put } = given(['open']);
    mail.publish(mails.open as never);
    expect(put).toHaveLength(1);
    expect(put[0]).toMatchObject({ detail: { mail: { tags: { 'ses:configuration-set': ['ours'], 'userId': ['user-97980'] } } } });
  });

  test('is not published when no event destination wants the type', () => {
    const { mail, put } = given(['open']);
    mail.publish(mails.click as never);
    expect({ put, unpublished: mail.unpublished, problems: mail.problems }).toEqual({ put: [], unpublished: 1, problems: [] });
  });

  test('and taken by no rule is a problem', () => {
    const { mail, put } = given();
    mail.publish({ source: 'aws.ses', detail: {} });
    expect({ put, problems: mail.problems }).toEqual({ put: [], problems: ['no rule of the app takes an event of the configuration set undefined'] });
  });
});

describe('a custom action of a journey', () => {
  const profile = (ProfileId: string) => ({ ProfileId, CustomerData: '{}' });
  const ACTION = { InvocationMetadata: {}, Items: { CustomerProfiles: [profile('a'), profile('b')] } };
  const caller = callerOf({ kind: 'connect-journey', instanceArn: 'arn', userIdAttribute: 'u', budgetSeconds: 30 });
  const answer = (...CustomerProfiles: unknown[]) => ({ Items: { CustomerProfiles } });
  const A = { Id: 'a', ResultData: {} };
  const B = { Id: 'b', ResultData: {} };

  test('is one invocation, whatever its size; anything else is refused', () => {
    expect(invocationsOf(ACTION, 'file')).toEqual([ACTION]);
    expect(() => invocationsOf({ Items: {} }, 'file')).toThrow('file: is neither the payload of a custom channel');
  });

  test.each<[string, unknown, string[]]>([
    ['for both', answer(A, B), []],
    ['for one', answer(A), ['the answer has nothing for the profile b']],
    ['for nobody', {}, ['the answer has nothing for the profile a', 'the answer has nothing for the profile b']],
    ['for a third', answer(A, B, { Id: 'c' }), ['the answer is for a profile that was not asked for: c']],
    ['at the limit', answer(A, { Id: 'b', ResultData: { a: 'x'.repeat(32 * 1024 - 34) } }), []],
    ['beyond the limit', answer(A, { Id: 'b', ResultData: { a: 'x'.repeat(32 * 1024) } }), ['the answer for b is too long']],
  ])('wants an answer for each profile: %s', (_, output, complaints) => {
    expect(caller.complaints(ACTION, output)).toEqual(complaints);
  });
});
