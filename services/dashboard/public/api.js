/** What the server refused, in its words. `code` as in docs/errors.md, or `signed_out`. */
export class Refusal extends Error {
  constructor(status, { code, message, hint }) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint ?? '';
  }
}

export const get = (path, signal) => send('GET', path, undefined, signal);
export const post = (path, body = {}) => send('POST', path, body);

async function send(method, path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      credentials: 'same-origin',
      headers:
        body === undefined ? {} : { 'Content-Type': 'application/json', 'X-Coffee-Roadmap': '1' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, { code: 'not_reachable', message: 'The dashboard does not answer.' });
  }
  const document = await response.json().catch(() => ({}));
  if (response.ok) return document;
  throw new Refusal(
    response.status,
    document.error ?? { code: 'failed', message: 'Something went wrong.' },
  );
}
