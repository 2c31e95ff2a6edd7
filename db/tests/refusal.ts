import type { Client } from 'pg';

/** SQLSTATE of privilege missing: of a grant, a policy or one of our functions. */
export const NOT_ALLOWED = '42501';
export const CONFLICT = 'CR001';
export const INVALID = 'CR002';
export const LEASE_LOST = 'CR003';
export const NOT_FOUND = 'CR004';
export const PERIOD_CLOSED = 'CR005';

export interface Outcome {
  /** SQLSTATE, or `ok`. */
  code: string;
  message: string;
  rowCount: number;
}

/** What becomes of a statement: it is what a test looks at, so nothing is thrown. */
export async function attempt(
  client: Client,
  sql: string,
  params: unknown[] = [],
): Promise<Outcome> {
  try {
    const { rowCount } = await client.query(sql, params);
    return { code: 'ok', message: '', rowCount: rowCount ?? 0 };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code: code ?? 'no SQLSTATE', message, rowCount: 0 };
  }
}

/** `ok` or the SQLSTATE of the refusal. */
export async function codeOf(client: Client, sql: string, params: unknown[] = []): Promise<string> {
  return (await attempt(client, sql, params)).code;
}

/** The only column of the only row. */
export async function valueOf<T>(client: Client, sql: string, params: unknown[] = []): Promise<T> {
  const { rows } = await client.query<Record<string, T>>(sql, params);
  return Object.values(rows[0]!)[0]!;
}
