import { ChildProcess } from 'node:child_process';

const GRACE_MS = 1000;

/** The processes of this run. All are ended by their id, however the run ends. */
const running = new Set<ChildProcess>();

export function adopt<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** SIGTERM, then SIGKILL for what is still there after a second. */
export async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  await new Promise<void>((resolve) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

export async function endAll(): Promise<void> {
  await Promise.all([...running].map(end));
}

/** The last resort, where nothing can be waited for: the process itself is about to end. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
