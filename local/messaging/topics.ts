import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT_ID, arn } from '../environment';
import { RefusedError } from '../errors';
import { isAllowed, Statement } from '../iam/policy';
import { Recorder } from '../recorder';

export interface Subscription {
  readonly topicArn: string;
  readonly queueArn: string;
}

/** A service that publishes, and on whose behalf. */
export interface Publisher {
  readonly principal: string;
  readonly sourceArn: string;
}

/** Amazon SNS, as far as services publish to topics whose subscribers are queues that get the bare message. */
export class Topics {
  public readonly subscriptions: Subscription[] = [];
  private readonly policies = new Map<string, Statement[]>();

  public constructor(
    private readonly recorder: Recorder, private readonly sqs: () => SQSClient, private readonly queueUrl: (name: string) => string,
  ) {}

  /** Of a topic or a queue, by its ARN. */
  public addPolicy(resourceArn: string, statements: readonly Statement[]): void {
    this.policies.set(resourceArn, [...this.policies.get(resourceArn) ?? [], ...statements]);
  }

  public async publish(topicArn: string, message: string, publisher: Publisher): Promise<void> {
    this.check('sns:Publish', topicArn, publisher);
    for (const { queueArn } of this.subscriptions.filter((one) => one.topicArn === topicArn)) {
      this.check('sqs:SendMessage', queueArn, { principal: 'sns.amazonaws.com', sourceArn: topicArn });
      await this.sqs().send(new SendMessageCommand({ QueueUrl: this.queueUrl(queueArn.split(':').pop()!), MessageBody: message }));
    }
  }

  private check(action: string, resource: string, { principal, sourceArn }: Publisher): void {
    const context = { 'aws:SourceAccount': ACCOUNT_ID, 'aws:SourceArn': sourceArn, 'aws:SecureTransport': 'true' };
    if (isAllowed(this.policies.get(resource) ?? [], { action, resource, principal, context })) return;
    this.recorder.denied.push({ construct: resource, action, resource });
    throw new RefusedError(resource, `its policy does not let ${principal} use ${action}`);
  }
}

/** Of the account; which one the service names for an event destination is not documented. */
export const SMS_SOURCE = (configurationSet: string): string => arn('sms-voice', `configuration-set/${configurationSet}`);
