import { createServer, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An AWS service that leaves its first request without an answer. `run` is given the number of requests so far. */
export async function withSilentService<T>(answer: (response: ServerResponse) => void, run: (requests: () => number) => Promise<T>): Promise<T> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    requests += 1;
    request.resume();
    if (requests > 1) answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b',
  });
  try {
    return await run(() => requests);
  } finally {
    process.env = before;
    server.closeAllConnections();
    server.close();
  }
}
