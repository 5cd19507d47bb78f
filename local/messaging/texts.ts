import { SMS_SOURCE, Topics } from './topics';
import { RefusedError } from '../errors';

/** An event destination of a configuration set that publishes everything to a topic. */
export interface TextDestination {
  readonly configurationSet: string;
  readonly topicArn: string;
}

/** AWS End User Messaging SMS, as far as it publishes events of text messages to topics. */
export class Texts {
  public readonly destinations: TextDestination[] = [];

  public constructor(private readonly topics: Topics) {}

  /** To the topics of the app's configuration sets; of one that exists already, to those that a queue of the app listens to. */
  public async publish(message: string): Promise<void> {
    const found = this.topics.subscriptions.map(({ topicArn }) => ({ configurationSet: 'existing', topicArn }));
    const destinations = this.destinations.length > 0 ? this.destinations : found;
    if (destinations.length === 0) throw new RefusedError('--engagement', 'no topic of the app takes events of text messages');
    for (const { configurationSet, topicArn } of destinations) {
      await this.topics.publish(topicArn, message, { principal: 'sms-voice.amazonaws.com', sourceArn: SMS_SOURCE(configurationSet) });
    }
  }
}
