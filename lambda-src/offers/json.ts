/** What SQS does not take and JSON.stringify leaves as it is. All else it leaves is allowed.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const NOT_IN_XML = /[\uFFFE\uFFFF]/g;

/** What JSON.parse has made, as JSON that a queue takes, however deep it is nested: JSON.parse reads what JSON.stringify can't write. */
export function jsonText(value: unknown): string {
  return stringify(value).replace(NOT_IN_XML, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return withoutRecursion(value);
  }
}

/** A list or an object of which some members are written. */
interface Open {
  readonly names?: readonly string[];
  readonly members: readonly unknown[];
  next: number;
}

function withoutRecursion(root: unknown): string {
  const open: Open[] = [{ members: [root], next: 0 }];
  let text = '';
  for (let top = open[0]; open.length > 1 || top.next < top.members.length; top = open[open.length - 1]) {
    if (top.next === top.members.length) {
      text += top.names ? '}' : ']';
      open.pop();
      continue;
    }
    const index = top.next++;
    const member = top.members[index];
    if (index > 0) text += ',';
    if (top.names) text += `${JSON.stringify(top.names[index])}:`;
    if (typeof member !== 'object' || member === null) {
      text += JSON.stringify(member);
      continue;
    }
    text += Array.isArray(member) ? '[' : '{';
    open.push(opened(member));
  }
  return text;
}

function opened(value: object): Open {
  if (Array.isArray(value)) return { members: value, next: 0 };
  const names = Object.keys(value).filter((name) => (value as Record<string, unknown>)[name] !== undefined);
  return { names, members: names.map((name) => (value as Record<string, unknown>)[name]), next: 0 };
}
