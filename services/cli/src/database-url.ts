import { AppError } from '@coffee-roadmap/shared/errors';

/** Where a database is: what of its URL may be shown. */
export interface DatabasePlace {
  host: string;
  port: number;
  name: string;
}

const DEFAULT_PORT = 5432;

/** A Postgres URL with a login in it. Throws `invalid_input`, which never repeats the URL. */
export function parseDatabaseUrl(text: string): URL {
  const hint = 'It looks like postgres://LOGIN:PASSWORD@HOST:5432/DATABASE.';
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new AppError('invalid_input', 'this is not the URL of a Postgres database', { hint });
  }
  if (url.username === '') {
    throw new AppError('invalid_input', 'the URL names no login', { hint });
  }
  if (url.pathname.length < 2) {
    throw new AppError('invalid_input', 'the URL names no database', { hint });
  }
  return url;
}

export function describeDatabase(text: string): DatabasePlace {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return {
    // As the client reads it: parameters win, and a socket's folder is written with %2F.
    host: url?.searchParams.get('host') || decodeURIComponent(url?.hostname ?? '') || 'localhost',
    port: Number(url?.searchParams.get('port') || url?.port || DEFAULT_PORT),
    name: decodeURIComponent(url?.pathname.slice(1) ?? ''),
  };
}

/**
 * The same database for another login; `published`: the host and port by which others reach it, and
 * what they have to ask for there: `db.example.com:54329?sslmode=verify-full`.
 */
export function urlForLogin(
  text: string,
  { login, password }: { login: string; password: string },
  published?: string,
): string {
  const url = new URL(text);
  if (published !== undefined) {
    const [host = '', query] = published.split('?');
    url.host = host;
    if (query !== undefined) url.search = query;
  }
  url.username = encodeURIComponent(login);
  url.password = encodeURIComponent(password);
  return url.href;
}
