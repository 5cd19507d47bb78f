/** What the command line or an input file got wrong: one line, exit 2, before anything starts. */
export class UsageError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The template asks for something that the run does not emulate. It stops and names the place: a guess would be a wrong answer. */
export class RefusedError extends Error {
  public constructor(public readonly path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = 'RefusedError';
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
