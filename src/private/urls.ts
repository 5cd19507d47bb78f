import { Token } from 'aws-cdk-lib';
import { checkText, refuse } from './validate';

/** `https`, without a name and password. Plain `http` reaches this machine only, where nobody listens in and tests run. */
const URL = /^(https:\/\/[^\s/?#@\\]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)([/?][^\s#@\\]*)?$/;

/** What a name of a header is made of.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Headers that carry what nobody should read in a template. */
const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

/** Headers that say what the request is; the handler writes them. */
const OWN_HEADERS = ['content-encoding', 'content-length', 'content-type', 'host', 'transfer-encoding', 'x-cdp-signature'];

export function checkUrl(prop: string, url: string | undefined): void {
  checkText(prop, url, URL, 'must be an address that begins with https://, without user name and fragment',
    'use the https address, as keys and data of users travel with every request');
}

/** A base address, to which the handler adds a path. */
export function withoutSlash<T extends string | undefined>(url: T): T {
  return (url === undefined || Token.isUnresolved(url) ? url : url.replace(/\/+$/, '')) as T;
}

export function checkHeaderNames(headers: { readonly [name: string]: string } | undefined, secretHeader: string | undefined): void {
  for (const name of [...Object.keys(headers ?? {}), ...secretHeader === undefined ? [] : [secretHeader]]) {
    checkText('headers', name, HEADER_NAME, 'must have names of letters, digits and hyphens', "write them like 'x-source'");
    if (OWN_HEADERS.includes(name.toLowerCase())) refuse('headers', 'must not name a header that the handler writes', name, 'leave it out');
  }
  const names = Object.keys(headers ?? {}).map((name) => name.toLowerCase());
  const secret = names.find((name) => SECRET_HEADERS.includes(name));
  if (secret !== undefined) refuse('headers', 'must hold nothing secret, as they are part of the template', secret, 'use `secretHeader`');
  const taken = names.find((name) => name === (secretHeader ?? 'authorization').toLowerCase());
  if (taken !== undefined) refuse('headers', 'must not name the header of `secretHeader`', taken, 'remove one of the two');
}
