/** What a browser sends and keeps, without a browser. */
export interface Visitor {
  get(path: string): Promise<Answer>;
  /** As our own page sends it; `headers` replaces what is sent, undefined leaves one out. */
  post(path: string, body?: object, headers?: Record<string, string | undefined>): Promise<Answer>;
  cookie: string | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, never>;
}

export function createVisitor(address: string): Visitor {
  const visitor: Visitor = {
    cookie: undefined,
    get: (path) => send(path, { method: 'GET', headers: {} }),
    post: (path, body = {}, headers = {}) => {
      const sent = {
        'content-type': 'application/json',
        'x-coffee-roadmap': '1',
        origin: address,
        ...headers,
      };
      const given = Object.entries(sent).filter(([, value]) => value !== undefined);
      return send(path, {
        method: 'POST',
        headers: Object.fromEntries(given) as Record<string, string>,
        body: JSON.stringify(body),
      });
    },
  };
  async function send(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (visitor.cookie !== undefined) headers.set('cookie', visitor.cookie);
    const response = await fetch(address + path, { ...init, headers });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) visitor.cookie = set.split(';')[0];
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: json ? (JSON.parse(text) as Record<string, never>) : {},
    };
  }
  return visitor;
}
