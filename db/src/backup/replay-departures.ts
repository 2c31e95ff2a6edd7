import { asRegistrar } from './as-registrar';
import { withClient } from './connect';
import type { NamedLogin } from './logins';

export interface ErasedAgain {
  /** Their id. */
  person: string;
  /** Theirs until now. */
  name: string;
  /** Roles of the server, of them and their agents, which are nobody here any more. */
  logins: string[];
}

/**
 * Erases again whoever was erased after the backup was made that `url`, a superuser's, was restored from.
 * Ids that are not there, or are erased already, change nothing. Ends no login: see endLogins.
 */
export async function replayErasures(url: string, people: string[]): Promise<ErasedAgain[]> {
  return replay<ErasedAgain>(url, 'priv.replay_erasures', people);
}

/** As replayErasures: whoever was removed, people and processes. Returns who had a login until now. */
export async function replayRemovals(url: string, removed: string[]): Promise<NamedLogin[]> {
  return replay<NamedLogin>(url, 'priv.replay_removals', removed);
}

/** Who they are, of those who are there and not erased. */
export async function findUnerased(
  url: string,
  people: string[],
): Promise<Pick<ErasedAgain, 'person' | 'name'>[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ person: string; name: string }>(
      `select c.id as person, c.name from coffee.people c
       where c.id = any ($1) and not exists (select from audit.erasures e where e.person_id = c.id)
       order by lower(c.name), c.id`,
      [people],
    );
    return rows;
  });
}

async function replay<Row extends object>(
  url: string,
  name: string,
  ids: string[],
): Promise<Row[]> {
  return withClient(url, (client) =>
    asRegistrar(client, async () => {
      const { rows } = await client.query<Row>(`select r.* from ${name}($1::uuid[]) r`, [ids]);
      return rows;
    }),
  );
}
