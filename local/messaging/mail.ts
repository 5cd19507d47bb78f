import { Rules } from '../events/rule';
import { JsonObject, isObject } from '../template/model';

/** Types of an event destination by the `eventType` of its events.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ses-configurationseteventdestination-eventdestination.html */
const MATCHING: Readonly<Record<string, string>> = {
  'Send': 'send',
  'Reject': 'reject',
  'Bounce': 'bounce',
  'Complaint': 'complaint',
  'Delivery': 'delivery',
  'Open': 'open',
  'Click': 'click',
  'Rendering Failure': 'renderingFailure',
  'DeliveryDelay': 'deliveryDelay',
  'Subscription': 'subscription',
};
export const MAIL_TYPES: readonly string[] = Object.values(MATCHING);

/** An event destination for the default event bus. */
export interface MailDestination {
  readonly configurationSet: string;
  readonly types: readonly string[];
}

const TAG = 'ses:configuration-set';

/** Amazon SES, as far as it publishes events of e-mails to EventBridge. */
export class Mail {
  public readonly destinations: MailDestination[] = [];
  /** Events of types that no event destination of their configuration set has. */
  public unpublished = 0;
  public readonly problems: string[] = [];

  public constructor(private readonly rules: Rules) {}

  /** Under the name of the app's configuration set, if it has one only. */
  public publish(event: JsonObject): void {
    const [own, ...others] = this.configurationSets();
    const sent = own !== undefined && others.length === 0 ? renamed(event, own) : event;
    const set = configurationSetOf(sent);
    const destinations = this.destinations.filter(({ configurationSet }) => configurationSet === set);
    const type = MATCHING[String(isObject(sent.detail) ? sent.detail.eventType : '')] ?? '';
    if (destinations.length > 0 && !destinations.some(({ types }) => types.includes(type))) this.unpublished += 1;
    else if (!this.rules.receive(sent)) this.problems.push(`no rule of the app takes an event of the configuration set ${String(set)}`);
  }

  private configurationSets(): string[] {
    const patterns = this.rules.specs.map(({ pattern }) => pattern).filter(({ source }) => JSON.stringify(source) === '["aws.ses"]');
    const listened = patterns.flatMap((pattern) => configurationSetOf(pattern) ?? []);
    return [...new Set([...listened, ...this.destinations.map((one) => one.configurationSet)])];
  }
}

/** Of an event or of a pattern. */
function configurationSetOf({ detail }: JsonObject): string | undefined {
  const mail = isObject(detail) ? detail.mail : undefined;
  const tags = isObject(mail) ? mail.tags : undefined;
  const [value] = isObject(tags) ? [tags[TAG] ?? []].flat() : [];
  return typeof value === 'string' ? value : undefined;
}

function renamed(event: JsonObject, configurationSet: string): JsonObject {
  const { detail } = event;
  const mail = isObject(detail) ? detail.mail : undefined;
  if (!isObject(detail) || !isObject(mail)) return event;
  return { ...event, detail: { ...detail, mail: { ...mail, tags: { ...isObject(mail.tags) ? mail.tags : {}, [TAG]: [configurationSet] } } } };
}
