import { Mail } from './mail';
import { Pipe, PipeSpec } from './pipe';
import { Texts } from './texts';
import { Topics } from './topics';

/** The services that send messages one by one, and the way of their events to the app. */
export interface Messaging {
  readonly mail: Mail;
  readonly texts: Texts;
  readonly topics: Topics;
  readonly pipeSpecs: PipeSpec[];
  readonly pipes: Pipe[];
}
