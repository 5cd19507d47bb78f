import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { adopt, end } from '../children';
import { FunctionSpec } from './function-spec';

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface Answer {
  /** JSON text of what the handler returned. */
  readonly payload?: string;
  readonly error?: FunctionError;
  /** Lines that were logged during the invocation. */
  readonly log: readonly string[];
}

interface Message {
  readonly ready?: true;
  readonly initError?: FunctionError;
  readonly requestId?: string;
  readonly payload?: string;
  readonly error?: FunctionError;
}

interface Current {
  readonly requestId: string;
  readonly finish: (answer: Omit<Answer, 'log'>) => void;
  readonly log: string[];
  answer?: Message;
  logEnded: boolean;
}

/** Lambda keeps memory for the runtime itself too; a heap as large as the function's memory would never be ended by it. */
const HEAP_SHARE = 0.9;
const INIT_TIMEOUT_MS = 10_000;

/** One process of a function. It handles one event at a time, as a Lambda execution environment does. */
export class ExecutionEnvironment {
  public alive = true;
  public busy = false;
  private readonly child: ChildProcess;
  private readonly ready: Promise<FunctionError | undefined>;
  private current?: Current;

  public constructor(private readonly spec: FunctionSpec, variables: Record<string, string>, private readonly log: (line: string) => void) {
    this.child = adopt(fork(join(__dirname, 'bootstrap.mjs'), [], {
      cwd: spec.codeFolder,
      env: variables,
      // Not our own: the loader that runs TypeScript must not get into the function.
      execArgv: [`--max-old-space-size=${Math.floor(spec.memoryMb * HEAP_SHARE)}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    }));
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream) createInterface({ input: stream }).on('line', (line) => this.line(line));
    this.ready = this.initialized();
    this.child.on('message', (message: Message) => this.message(message));
    // 'close', not 'exit': by then all that was logged has been read.
    this.child.once('close', (code, signal) => this.closed(signal ?? `exit status ${code}`));
  }

  /** Never throws: a function that fails, runs out of time or of memory is an answer. */
  public async invoke(requestId: string, payload: string): Promise<Answer> {
    this.busy = true;
    const initError = await this.ready;
    const answer = initError ? { error: initError, log: [] } : await this.handle(requestId, payload);
    this.busy = false;
    return answer;
  }

  public async end(): Promise<void> {
    this.alive = false;
    await end(this.child);
  }

  private async initialized(): Promise<FunctionError | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({ errorType: 'Sandbox.Timedout', errorMessage: 'Init timed out' });
        this.kill();
      }, INIT_TIMEOUT_MS);
      const done = (error?: FunctionError) => {
        clearTimeout(timer);
        resolve(error);
      };
      this.child.once('message', (message: Message) => done(message.initError));
      this.child.once('error', (error) => done({ errorType: 'Runtime.ExitError', errorMessage: error.message }));
      this.child.once('exit', (code) => done({ errorType: 'Runtime.ExitError', errorMessage: `the runtime ended with ${code} during init` }));
    });
  }

  private async handle(requestId: string, payload: string): Promise<Answer> {
    const { timeoutSeconds, arn } = this.spec;
    const log: string[] = [];
    this.log(`START RequestId: ${requestId} Version: $LATEST`);
    const outcome = await new Promise<Omit<Answer, 'log'>>((resolve) => {
      const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      const timer = setTimeout(() => this.finish({ error: { errorType: 'Sandbox.Timedout', errorMessage } }, true), timeoutSeconds * 1000);
      this.current = { requestId, log, logEnded: false, finish: (answer) => { clearTimeout(timer); resolve(answer); } };
      if (this.child.connected) this.child.send({ requestId, payload, arn, deadline: Date.now() + timeoutSeconds * 1000 });
      else this.closed('it had ended before');
    });
    this.log(`REPORT RequestId: ${requestId}${outcome.error ? ` Status: error ${outcome.error.errorType}: ${outcome.error.errorMessage}` : ''}`);
    return { ...outcome, log };
  }

  private line(line: string): void {
    this.log(line);
    if (!this.current) return;
    if (line === `END RequestId: ${this.current.requestId}`) this.current.logEnded = true;
    else this.current.log.push(line);
    this.settle();
  }

  private message(message: Message): void {
    if (this.current && message.requestId === this.current.requestId) this.current.answer = message;
    this.settle();
  }

  /** The answer and the log come by different pipes: the invocation is over when both have. */
  private settle(): void {
    const { answer, logEnded } = this.current ?? {};
    if (answer && logEnded) this.finish({ payload: answer.payload, error: answer.error }, false);
  }

  private closed(reason: string): void {
    this.alive = false;
    this.finish({ error: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${this.current?.requestId} Error: Runtime exited (${reason})` } }, false);
  }

  private finish(answer: Omit<Answer, 'log'>, kill: boolean): void {
    const current = this.current;
    this.current = undefined;
    if (kill) this.kill();
    current?.finish(answer);
  }

  private kill(): void {
    this.alive = false;
    this.child.kill('SIGKILL');
  }
}
