import type { Client } from 'pg';
import type { Who } from './logins';
import { valueOf } from './refusal';

/** Signs a browser in to the dashboard as this person, by a link as they make it; the session's token. */
export async function signIn(hands: { as(who: Who): Promise<Client> }, who: Who): Promise<string> {
  const code = await valueOf(await hands.as(who), 'select code from coffee.new_dashboard_link()');
  return valueOf(
    await hands.as('dashboard'),
    `select token from coffee.open_dashboard($1, 'Mozilla/5.0 (test)')`,
    [code],
  );
}

/** What the dashboard does in one transaction of that session. */
export async function inSession<T>(
  dashboard: Client,
  token: string,
  work: () => Promise<T>,
): Promise<T> {
  await dashboard.query('begin');
  try {
    await dashboard.query('select coffee.enter_dashboard($1)', [token]);
    const result = await work();
    await dashboard.query('commit');
    return result;
  } catch (error) {
    await dashboard.query('rollback');
    throw error;
  }
}
