/** What is sent together, with whom it is about. */
type Request = readonly { readonly user: string }[];

/**
 * Works on requests, at most `limit` at a time, and never on two about the same user at once: what is about one user keeps its order.
 * When the work on one says that it was given up, or fails, no other is started; a failure is thrown when none runs any longer.
 */
export async function inOrder<T extends Request>(limit: number, requests: readonly T[], work: (request: T) => Promise<boolean>): Promise<void> {
  const running = new Map<Promise<void>, ReadonlySet<string>>();
  const failures: unknown[] = [];
  let goOn = true;
  const start = (request: T, users: ReadonlySet<string>) => {
    const run: Promise<void> = work(request).then((went) => {
      goOn &&= went;
    }, (error: unknown) => {
      failures.push(error);
      goOn = false;
    }).finally(() => running.delete(run));
    running.set(run, users);
  };
  for (const request of requests) {
    const users = new Set(requests.length > 1 ? request.map(({ user }) => user) : []);
    while (running.size >= limit || [...running.values()].some((others) => meet(users, others))) await Promise.race(running.keys());
    if (!goOn) break;
    start(request, users);
  }
  await Promise.all(running.keys());
  if (failures.length > 0) throw failures[0];
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const user of some) if (others.has(user)) return true;
  return false;
}
