import { arn } from '../environment';
import { RequiredPermission, ServiceCall, ServiceRequest } from './service';

export type S3Route = Omit<ServiceCall, 'handle'> & { readonly operation: (typeof S3_OPERATIONS)[number] };

/** The names that `--faults` may use for this service. */
export const S3_OPERATIONS = [
  'AbortMultipartUpload', 'CompleteMultipartUpload', 'CopyObject', 'CreateMultipartUpload', 'DeleteObject', 'DeleteObjects', 'GetObject',
  'HeadBucket', 'HeadObject', 'ListObjects', 'ListObjectsV2', 'PutObject', 'UploadPart',
] as const;

/** Query parameters that S3 and fauxqs understand alike. Any other names a sub-resource (tagging, acl, versions…): not emulated. */
const LIST_PARAMETERS: readonly string[] = [
  'list-type', 'prefix', 'delimiter', 'max-keys', 'start-after', 'continuation-token', 'marker',
];

/** Headers that would change what is stored, which fauxqs drops without a word. */
const REFUSED_PUT_HEADERS: readonly string[] = [
  'x-amz-acl', 'x-amz-tagging', 'x-amz-object-lock-mode', 'x-amz-website-redirect-location', 'x-amz-write-offset-bytes',
  'x-amz-server-side-encryption-customer-algorithm',
];

interface Target {
  readonly bucket: string;
  readonly key: string;
}

/** The operation behind a path-style request, with the permissions it needs; undefined when it is not emulated. */
export function routeS3(request: ServiceRequest): S3Route | undefined {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
  if (bucket === '') return undefined;
  return key === '' ? bucketRoute(request, bucket) : objectRoute(request, { bucket, key });
}

function bucketRoute(request: ServiceRequest, bucket: string): S3Route | undefined {
  const { method, query } = request;
  const resource = bucketArn(bucket);
  if (method === 'HEAD' && only(query, [])) return { operation: 'HeadBucket', permissions: [{ action: 's3:ListBucket', resource }], items: 1 };
  if (method === 'GET' && only(query, LIST_PARAMETERS)) {
    const operation = query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    return { operation, permissions: [{ action: 's3:ListBucket', resource, context: listContext(query) }], items: 1 };
  }
  if (method === 'POST' && query.has('delete') && only(query, ['delete'])) return deleteObjects(request, bucket);
  return undefined;
}

function deleteObjects(request: ServiceRequest, bucket: string): S3Route | undefined {
  const body = request.body.toString();
  if (body.includes('<VersionId>')) return undefined;
  const keys = [...body.matchAll(/<Key>([\s\S]*?)<\/Key>/g)].map((match) => unescapeXml(match[1] ?? ''));
  return { operation: 'DeleteObjects', permissions: keys.map((key) => on('s3:DeleteObject', { bucket, key })), items: keys.length };
}

function objectRoute(request: ServiceRequest, target: Target): S3Route | undefined {
  const { method, query } = request;
  if (query.has('uploadId') || query.has('uploads')) return uploadRoute(request, target);
  if (!only(query, [])) return undefined;
  if (method === 'GET') return { operation: 'GetObject', permissions: [on('s3:GetObject', target)], items: 1 };
  if (method === 'HEAD') return { operation: 'HeadObject', permissions: [on('s3:GetObject', target)], items: 1 };
  if (method === 'DELETE') return { operation: 'DeleteObject', permissions: [on('s3:DeleteObject', target)], items: 1 };
  return method === 'PUT' ? putRoute(request, target) : undefined;
}

function putRoute({ headers }: ServiceRequest, target: Target): S3Route | undefined {
  if (REFUSED_PUT_HEADERS.some((name) => headers[name] !== undefined)) return undefined;
  const source = headers['x-amz-copy-source'];
  if (source === undefined) return { operation: 'PutObject', permissions: [on('s3:PutObject', target)], items: 1 };
  if (headers['if-match'] !== undefined || headers['if-none-match'] !== undefined) return undefined;
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(source)) ?? [];
  return { operation: 'CopyObject', permissions: [on('s3:GetObject', { bucket, key }), on('s3:PutObject', target)], items: 1 };
}

function uploadRoute({ method, query, headers }: ServiceRequest, target: Target): S3Route | undefined {
  const permissions = [on('s3:PutObject', target)];
  // Conditions are evaluated for PutObject only.
  const refused = ['x-amz-copy-source', 'if-match', 'if-none-match', ...REFUSED_PUT_HEADERS];
  if (refused.some((name) => headers[name] !== undefined)) return undefined;
  if (method === 'POST' && only(query, ['uploads'])) return { operation: 'CreateMultipartUpload', permissions, items: 1 };
  if (method === 'PUT' && only(query, ['uploadId', 'partNumber'])) return { operation: 'UploadPart', permissions, items: 1 };
  if (!only(query, ['uploadId'])) return undefined;
  if (method === 'POST') return { operation: 'CompleteMultipartUpload', permissions, items: 1 };
  return method === 'DELETE' ? { operation: 'AbortMultipartUpload', permissions: [on('s3:AbortMultipartUpload', target)], items: 1 } : undefined;
}

/** Besides `x-id`, which the SDK adds and S3 ignores. */
function only(query: URLSearchParams, known: readonly string[]): boolean {
  return [...query.keys()].every((name) => name === 'x-id' || known.includes(name));
}

function listContext(query: URLSearchParams): Record<string, string> {
  const entries = (['prefix', 'delimiter', 'max-keys'] as const).map((name) => [`s3:${name}`, query.get(name)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [typeof entry[0], string] => entry[1] !== null));
}

function on(action: string, { bucket, key }: Target): RequiredPermission {
  return { action, resource: `${bucketArn(bucket)}/${key}` };
}

function bucketArn(bucket: string): string {
  return arn('s3', bucket, { region: '', accountId: '' });
}

function unescapeXml(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');
}
