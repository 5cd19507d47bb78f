import { routeS3 } from '../../local/services/s3-routes';
import { ServiceRequest } from '../../local/services/service';

function request(method: string, url: string, extra: Partial<ServiceRequest> = {}): ServiceRequest {
  const [path = '', query = ''] = url.split('?');
  return {
    caller: { accessKeyId: 'k', construct: 'c' },
    method,
    path,
    rawPath: path,
    query: new URLSearchParams(query),
    headers: {},
    body: Buffer.alloc(0),
    ...extra,
  };
}

test.each([
  ['GET', '/b/k/1.json?x-id=GetObject', 'GetObject', [['s3:GetObject', 'arn:aws:s3:::b/k/1.json']]],
  ['HEAD', '/b/k', 'HeadObject', [['s3:GetObject', 'arn:aws:s3:::b/k']]],
  ['PUT', '/b/k', 'PutObject', [['s3:PutObject', 'arn:aws:s3:::b/k']]],
  ['DELETE', '/b/k', 'DeleteObject', [['s3:DeleteObject', 'arn:aws:s3:::b/k']]],
  ['HEAD', '/b/', 'HeadBucket', [['s3:ListBucket', 'arn:aws:s3:::b']]],
  ['GET', '/b/?list-type=2&prefix=p', 'ListObjectsV2', [['s3:ListBucket', 'arn:aws:s3:::b']]],
  ['POST', '/b/k?uploads=', 'CreateMultipartUpload', [['s3:PutObject', 'arn:aws:s3:::b/k']]],
  ['DELETE', '/b/k?uploadId=1', 'AbortMultipartUpload', [['s3:AbortMultipartUpload', 'arn:aws:s3:::b/k']]],
])('%s %s is %s', (method, url, operation, permissions) => {
  const route = routeS3(request(method, url));
  expect(route?.operation).toBe(operation);
  expect(route?.permissions.map(({ action, resource }) => [action, resource])).toEqual(permissions);
});

test('a listing carries its condition keys', () => {
  const route = routeS3(request('GET', '/b/?list-type=2&prefix=p%2Fq&delimiter=%2F'));
  expect(route?.permissions[0]?.context).toEqual({ 's3:prefix': 'p/q', 's3:delimiter': '/' });
});

test('a copy reads its source', () => {
  const route = routeS3(request('PUT', '/b/k', { headers: { 'x-amz-copy-source': 'other/a%20b' } }));
  const permissions = route?.permissions.map(({ action, resource }) => `${action} ${resource}`);
  expect(permissions).toEqual(['s3:GetObject arn:aws:s3:::other/a b', 's3:PutObject arn:aws:s3:::b/k']);
});

test('a bulk delete needs the permission for every key', () => {
  const body = Buffer.from('<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key></Object></Delete>');
  const route = routeS3(request('POST', '/b/?delete=', { body }));
  expect(route?.permissions.map(({ resource }) => resource)).toEqual(['arn:aws:s3:::b/a&b', 'arn:aws:s3:::b/c']);
  expect(route?.items).toBe(2);
});

test.each([
  ['PUT', '/b/k?tagging=', {}],
  ['GET', '/b/k?versionId=1', {}],
  ['PUT', '/b/?policy=', {}],
  ['PUT', '/b/', {}],
  ['GET', '/', {}],
  ['PUT', '/b/k', { 'if-none-match': '*', 'x-amz-copy-source': 'b/other' }],
  ['POST', '/b/k?uploadId=1', { 'if-none-match': '*' }],
  ['PUT', '/b/k', { 'x-amz-tagging': 'a=b' }],
])('%s %s %j would be ignored or done otherwise by the emulator: not let through', (method, url, headers) => {
  expect(routeS3(request(method, url, { headers }))).toBeUndefined();
});
