import { OutOfTime } from './pace';

/** A promise that is given up at the deadline. What it does goes on unobserved, so only idempotent work may be put in. */
export async function before<T>(deadline: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OutOfTime());
      controller.abort();
    }, Math.max(0, deadline - Date.now()));
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
