import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateUploadJobCommand, CustomerProfilesClient, GetUploadJobCommand, GetUploadJobPathCommand, ResourceNotFoundException, StartUploadJobCommand,
  StopUploadJobCommand,
} from '@aws-sdk/client-customer-profiles';
import { mockClient } from 'aws-sdk-client-mock';
import { DeploymentError } from '../../../lambda-src/runtime/errors';
import { customerKeyHeaders, sendFile } from '../../../lambda-src/segment-members/send-file';
import { profileUploadJobs } from '../../../lambda-src/segment-members/upload-jobs';


const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const TOKEN = KEY.toString('base64');
const file = (...pieces: string[]) => ({ length: Buffer.byteLength(pieces.join('')), pieces: (async function* () { yield* pieces; })() });

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function given(answer: (request: IncomingMessage, response: ServerResponse, body: () => Promise<string>) => void): Promise<string> {
  server = createServer((request, response) => answer(request, response, async () => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
  }));
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file?X-Amz-Signature=x`;
}

describe('a file is put at a presigned URL', () => {
  test('with its length, in one piece, under the key of the token', async () => {
    let seen: unknown;
    const url = await given(async ({ method, url: path, headers }, response, body) => {
      seen = { method, path, headers, body: await body() };
      response.end();
    });
    await sendFile(url, TOKEN, file('a,b\n', 'ä,1\n'), AbortSignal.timeout(5_000));
    expect(seen).toEqual({
      method: 'PUT', path: '/file?X-Amz-Signature=x', body: 'a,b\nä,1\n',
      headers: {
        'host': expect.any(String), 'connection': expect.any(String), 'content-length': '9', 'x-amz-server-side-encryption-customer-algorithm': 'AES256',
        'x-amz-server-side-encryption-customer-key': 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 'x-amz-server-side-encryption-customer-key-md5': 'hRasmdxgYDKV3nvbahU1MA==',
      },
    });
  });

  test('without a token there is no key', () => {
    expect(customerKeyHeaders(undefined)).toEqual({});
  });

  test.each([400, 403, 412, 500, 503])('what is answered %d is worth another attempt', async (status) => {
    const url = await given((request, response) => {
      request.resume();
      response.writeHead(status).end();
    });
    await expect(sendFile(url, TOKEN, file('a'), AbortSignal.timeout(5_000))).rejects.toMatchObject({ name: 'RetryableError', message: `Http${status}` });
  });

  test('so is a connection that breaks in the middle, and the file is read no further', async () => {
    const url = await given((request) => void request.once('data', () => request.destroy()));
    let ended = false;
    const pieces = (async function* () {
      try {
        for (let piece = 0; piece < 2_000; piece += 1) yield 'x'.repeat(64 * 1024);
      } finally {
        ended = true;
      }
    })();
    await expect(sendFile(url, TOKEN, { length: 2_000 * 64 * 1024, pieces }, AbortSignal.timeout(5_000))).rejects.toMatchObject({ name: 'RetryableError' });
    await new Promise((done) => setImmediate(done));
    expect(ended).toBe(true);
  });

  test('what is wrong with the source is told as it is', async () => {
    const url = await given((request) => request.resume());
    const pieces = (async function* () {
      yield 'a';
      throw new DeploymentError('denied');
    })();
    await expect(sendFile(url, TOKEN, { length: 10, pieces }, AbortSignal.timeout(5_000))).rejects.toMatchObject({ name: 'DeploymentError' });
  });

  test('it ends with its time', async () => {
    const url = await given((request) => request.resume());
    await expect(sendFile(url, TOKEN, file('a'), AbortSignal.timeout(50))).rejects.toBeDefined();
  });
});

describe('calls of the service', () => {
  const sdk = mockClient(CustomerProfilesClient);
  beforeEach(() => sdk.reset());
  const jobs = () => Object.assign(profileUploadJobs('shop', new CustomerProfilesClient({ region: 'eu-west-1' })), { deadline: Date.now() + 5_000 });
  const failing = (name: string, httpStatusCode: number) => Object.assign(new Error('words of the service'), { name, $metadata: { httpStatusCode } });

  test('each by its operation', async () => {
    sdk.on(CreateUploadJobCommand).resolves({ JobId: 'j' }).on(GetUploadJobPathCommand).resolves({ Url: 'u', ClientToken: 't' }).on(GetUploadJobCommand).resolves({ Status: 'CREATED' })
      .on(StartUploadJobCommand).resolves({}).on(StopUploadJobCommand).resolves({});
    const request = { DisplayName: 'n', Fields: {}, UniqueKey: 'userId', DataExpiry: 1 };
    expect(await jobs().create(request)).toBe('j');
    expect([await jobs().path('j'), await jobs().get('j')]).toEqual([{ Url: 'u', ClientToken: 't' }, { Status: 'CREATED' }]);
    await jobs().start('j');
    await jobs().stop('j');
    const one = { DomainName: 'shop', JobId: 'j' };
    expect(sdk.calls().map(({ args }) => args[0].input)).toEqual([{ DomainName: 'shop', ...request }, one, one, one, one]);
  });

  const notFound = new ResourceNotFoundException({ message: 'no', $metadata: { httpStatusCode: 404 } });
  test('a job that is not found is none, and one that is refused may be there', async () => {
    sdk.on(GetUploadJobCommand).rejectsOnce(notFound).rejects(failing('BadRequestException', 400));
    expect(await jobs().get('j')).toBeUndefined();
    await expect(jobs().get('j')).rejects.toMatchObject({ name: 'Rejection', code: 'BadRequestException' });
  });

  test.each([
    ['BadRequestException', 400, { name: 'Rejection', code: 'BadRequestException', message: 'words of the service' }], ['ThrottlingException', 429, { name: 'RetryableError' }],
    ['InternalServerException', 500, { name: 'RetryableError' }], ['AccessDeniedException', 403, { name: 'DeploymentError' }],
  ])('%s', async (name, status, expected) => {
    sdk.on(StartUploadJobCommand).rejects(failing(name, status));
    await expect(jobs().start('j')).rejects.toMatchObject(expected);
  });

  test('no call is begun after the deadline', async () => {
    sdk.on(GetUploadJobCommand).callsFake(async () => new Promise(() => undefined));
    await expect(Object.assign(jobs(), { deadline: 0 }).get('j')).rejects.toMatchObject({ name: 'OutOfTime' });
  });
});
