import { setTimeout as wait } from 'node:timers/promises';
import { AppError, messageOf } from '../errors';
import { printable } from '../git/failure';

/** One request as it goes out; for tests that stand in between. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

export interface GitHubClientOptions {
  /** Default https://api.github.com; http only to this machine. */
  api?: string | undefined;
  /** Undefined: what anybody may read. */
  token: string | undefined;
  /** What is asked for, and what to do where it is refused or missing. Default: of gists. */
  words?: { noun: string; refused: string; missing: string };
  send?: Send;
  pause?: (ms: number) => Promise<void>;
  now?: () => number;
  /** A longer pause that is asked for is told to the person instead. Default 60 s. */
  longestWaitMs?: number;
}

export interface Answer {
  status: number;
  body: unknown;
  link: string | null;
}

export const GITHUB_API = 'https://api.github.com';
const OF_GISTS = {
  noun: 'gist',
  refused: 'It needs the right “gist”: coffee-roadmap gist set-token',
  missing: 'coffee-roadmap gist info says which is used; gist setup chooses another.',
};
const TRIES = 5;
const TIMEOUT_MS = 60_000;
/** What GitHub says to wait where it does not say how long. */
const SECONDARY_PAUSE_MS = 60_000;

/** Asks GitHub's API, with patience for its rate limits. No error holds the token. */
export class GitHubClient {
  private readonly api: string;
  private readonly send: Send;
  private readonly pause: (ms: number) => Promise<void>;
  private readonly now: () => number;

  constructor(private readonly options: GitHubClientOptions) {
    this.api = checkApi(options.api ?? GITHUB_API);
    this.send = options.send ?? ((url, init) => fetch(url, init));
    this.pause = options.pause ?? ((ms) => wait(ms));
    this.now = options.now ?? (() => Date.now());
  }

  /** The answer of every status in `allow`, and of 2xx. Throws not_allowed, not_found, not_reachable. */
  async ask(
    method: string,
    path: string,
    body?: object,
    allow: readonly number[] = [],
  ): Promise<Answer> {
    const init: RequestInit = {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/vnd.github+json',
        ...(this.options.token !== undefined && {
          authorization: `Bearer ${this.options.token}`,
        }),
        'user-agent': 'coffee-roadmap',
        'x-github-api-version': '2022-11-28',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    };
    const response = await this.patiently(`${this.api}${path}`, init);
    const text = await response.text();
    const { status } = response;
    if (!response.ok && !allow.includes(status)) throw this.refused(status, text);
    return { status, body: parse(text), link: response.headers.get('link') };
  }

  /** A file's bytes by the address that the API gave; the token does not go there. */
  async raw(url: string, most: number): Promise<Buffer> {
    const { protocol, origin } = new URL(url);
    if (protocol !== 'https:' && origin !== new URL(this.api).origin)
      throw new AppError('failed', 'the gist names an address that is not https');
    const response = await this.patiently(url, { method: 'GET' });
    if (!response.ok) throw this.refused(response.status, '');
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length > most) throw new AppError('failed', 'a file of the gist is too large');
    return bytes;
  }

  private async patiently(url: string, init: RequestInit): Promise<Response> {
    for (let tries = 1; ; tries += 1) {
      let failure: string;
      let asked: number | undefined;
      let ms = 500 * 2 ** tries;
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const response = await this.send(url, { ...init, signal });
        asked = this.pauseOf(response);
        if (asked === undefined && response.status < 500) return response;
        failure = asked === undefined ? `it answers ${response.status}` : 'it asks for a pause';
        if (asked !== undefined) ms = asked;
        await response.body?.cancel();
      } catch (error) {
        if (error instanceof AppError || !isNetwork(error)) throw error;
        failure = this.mask(messageOf((error as Error).cause ?? error));
      }
      const longest = this.options.longestWaitMs ?? 60_000;
      if (tries >= TRIES || ms > longest)
        throw this.away(failure, asked !== undefined && ms > longest ? ms : undefined);
      await this.pause(ms);
    }
  }

  /** How long GitHub wants to be left alone; undefined: this is no rate limit. */
  private pauseOf({ status, headers }: Response): number | undefined {
    if (status !== 403 && status !== 429) return undefined;
    const after = Number(headers.get('retry-after') ?? NaN);
    if (after >= 0) return after * 1000;
    if (headers.get('x-ratelimit-remaining') === '0') {
      const reset = Number(headers.get('x-ratelimit-reset') ?? NaN) * 1000;
      return Math.max(1_000, Number.isNaN(reset) ? SECONDARY_PAUSE_MS : reset - this.now());
    }
    return status === 429 ? SECONDARY_PAUSE_MS : undefined;
  }

  private away(failure: string, ms: number | undefined): AppError {
    const until = ms === undefined ? undefined : new Date(this.now() + ms).toISOString();
    return new AppError(
      'not_reachable',
      until ? `GitHub asks for a pause until ${until.slice(0, 16)}Z` : `GitHub: ${failure}`,
      { hint: until ? 'Do it again then.' : 'Is this machine online? Try again in a minute.' },
    );
  }

  private refused(status: number, text: string): AppError {
    const said = (parse(text) as { message?: unknown } | undefined)?.message;
    const why = typeof said === 'string' ? `: ${this.mask(printable(said)).slice(0, 200)}` : '';
    const { noun, refused: hint, missing } = this.options.words ?? OF_GISTS;
    if (status === 401 || status === 403) {
      return new AppError('not_allowed', `GitHub refuses the token${why}`, { hint });
    }
    if (status === 404) {
      return new AppError('not_found', `GitHub knows no such ${noun}${why}`, { hint: missing });
    }
    return new AppError('failed', `GitHub answers ${status}${why}`);
  }

  private mask(text: string): string {
    const { token } = this.options;
    return token === undefined ? text : text.replaceAll(token, '***');
  }
}

export function checkApi(api: string): string {
  const url = URL.canParse(api) ? new URL(api) : undefined;
  const local = url && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (
    url &&
    url.username === '' &&
    (url.protocol === 'https:' || (local && url.protocol === 'http:'))
  )
    return api.replace(/\/+$/, '');
  throw new AppError('invalid_input', 'the API’s address has to begin with https://');
}

const isNetwork = (error: unknown): boolean =>
  error instanceof TypeError || ['TimeoutError', 'AbortError'].includes((error as Error).name);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
