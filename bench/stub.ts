import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** Accepts everything, as Amazon Pinpoint answers when all is well; as cheap as a server can be. */
export async function startStub(): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.url!.endsWith('/events') ? accepted(Buffer.concat(chunks)) : { Message: 'Accepted', RequestID: 'bench' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => { server.closeAllConnections(); server.close(); } };
}

function accepted(body: Buffer): object {
  const { BatchItem } = JSON.parse(body.toString()) as { BatchItem: Record<string, { Events: object }> };
  const ok = { StatusCode: 202, Message: 'Accepted' };
  const results = Object.entries(BatchItem).map(([id, { Events }]) => [id, {
    EndpointItemResponse: ok, EventsItemResponse: Object.fromEntries(Object.keys(Events).map((event) => [event, ok])),
  }] as const);
  return { Results: Object.fromEntries(results) };
}
