/** For connecting, sending and the whole answer: a slow destination costs a request, not the invocation. */
export const REQUEST_TIMEOUT_MILLIS = 10_000;
/** Answers are read for their verdict only. */
export const MAX_ANSWER_BYTES = 64 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export type SendHttp = (url: string, headers: Readonly<Record<string, string>>, body: string, deadline: number) => Promise<HttpAnswer>;

/** The platform's own client. A redirect is not followed: it would carry the secrets and the users elsewhere. */
export const sendHttp: SendHttp = async (url, headers, body, deadline) => {
  const signal = AbortSignal.timeout(Math.max(0, Math.min(REQUEST_TIMEOUT_MILLIS, deadline - Date.now())));
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body, redirect: 'manual', signal });
  return { status: answer.status, headers: answer.headers, body: await bounded(answer) };
};

async function bounded({ body }: Response): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes >= MAX_ANSWER_BYTES) break; // leaving the loop cancels the rest
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}
