import { request } from 'node:http';
import { connect } from 'node:http2';
import { HttpServer } from '../../local/http-server';

async function withServer<T>(use: (url: string) => Promise<T>): Promise<T> {
  const server = new HttpServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(`${incoming.method} ${incoming.url} ${Buffer.concat(chunks).length}`);
    });
  });
  await server.listen();
  try {
    return await use(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.close();
  }
}

const BODY = Buffer.alloc(200_000, 'x');

test('HTTP/1.1, several requests on one connection', async () => {
  const answer = async (url: string) => new Promise((resolve, reject) => {
    request(`${url}/a?b`, { method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve(text));
    }).on('error', reject).end(BODY);
  });
  expect(await withServer(async (url) => Promise.all([answer(url), answer(url), answer(url)]))).toEqual(Array(3).fill('POST /a?b 200000'));
});

test('HTTP/2 without TLS, as the Kinesis client speaks it', async () => {
  const text = await withServer(async (url) => new Promise((resolve, reject) => {
    const session = connect(url).on('error', reject);
    const stream = session.request({ ':method': 'POST', ':path': '/a?b' });
    let answer = '';
    stream.on('data', (chunk: Buffer) => { answer += chunk.toString(); }).on('error', reject).on('end', () => {
      session.close();
      resolve(answer);
    });
    stream.end(BODY);
  }));
  expect(text).toBe('POST /a?b 200000');
});
