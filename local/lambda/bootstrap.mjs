// What runs inside a function's process: the Lambda runtime, reduced to what a handler can notice.
// Plain JavaScript: the process must not load a TypeScript loader that the real runtime does not have.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const EXTENSIONS = ['.js', '.mjs', '.cjs']; // in the order in which Lambda looks

function locate() {
  const dot = process.env._HANDLER.lastIndexOf('.');
  const file = join(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER.slice(0, dot));
  const found = EXTENSIONS.map((extension) => file + extension).find((path) => existsSync(path));
  if (!found) throw Object.assign(new Error(`Cannot find module '${process.env._HANDLER.slice(0, dot)}'`), { name: 'Runtime.ImportModuleError' });
  return { found, name: process.env._HANDLER.slice(dot + 1) };
}

async function load() {
  const { found, name } = locate();
  const module = await import(pathToFileURL(found).href);
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
}

function contextOf({ requestId, deadline, arn }) {
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: arn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

/** Ends the invocation's part of the log. Only after this line has been read does the parent know all that was logged. */
async function endLog(requestId) {
  await new Promise((resolve) => process.stdout.write(`END RequestId: ${requestId}\n`, resolve));
}

async function run(handler, message) {
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    // Lambda answers with JSON: what can't be JSON is an error of the function there too.
    return { requestId: message.requestId, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error('Invoke Error', JSON.stringify(describe(error)));
    return { requestId: message.requestId, error: describe(error) };
  }
}

// The parent sends the next event only after the answer to the last one: an environment handles one event at a time.
try {
  const handler = await load();
  process.on('message', async (message) => {
    const answer = await run(handler, message);
    await endLog(message.requestId);
    process.send(answer);
  });
  process.send({ ready: true });
} catch (error) {
  console.error('Init Error', JSON.stringify(describe(error)));
  process.send({ initError: describe(error) }, () => process.exit(1));
}
process.on('disconnect', () => process.exit(0));
