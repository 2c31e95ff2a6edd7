import type { ClientBase } from 'pg';
import { listSql, readSql } from './source';

export interface LintFinding {
  /** The lint's file name without `.sql`. */
  lint: string;
  /** What it is about, for example `coffee.teams`. */
  object: string;
  problem: string;
}

/** Names of all lints: db/lints/<name>.sql, one SELECT each that has to return no rows. */
export function listLints(folder: string): string[] {
  return listSql(folder, 'lints').map((file) => file.name.slice('lints/'.length, -'.sql'.length));
}

/**
 * Installs every lint as a temporary view of its name. As superuser, in the caller's transaction: the
 * views go with its end, or stay for the session.
 */
export async function installLints(client: ClientBase, folder: string): Promise<void> {
  const names = listLints(folder);
  const { sql } = readSql(folder, 'distribution.sql'); // what the lints distribution_* judge
  await client.query(`create or replace temporary view distribution as ${sql}`);
  for (const [index, file] of listSql(folder, 'lints').entries()) {
    await client.query(`create or replace temporary view ${names[index]} as ${file.sql}`);
  }
}

/** What the installed lint finds, in a stable order. */
export async function runLint(client: ClientBase, name: string): Promise<LintFinding[]> {
  const { rows } = await client.query<Omit<LintFinding, 'lint'>>(
    `select object, problem from pg_temp.${name} order by 1, 2`,
  );
  return rows.map((row) => ({ lint: name, ...row }));
}

/** Everything that is wrong with the database, by all lints; leaves nothing behind. */
export async function lintDatabase(client: ClientBase, folder: string): Promise<LintFinding[]> {
  await client.query('begin');
  try {
    await installLints(client, folder);
    const findings: LintFinding[] = [];
    for (const name of listLints(folder)) findings.push(...(await runLint(client, name)));
    return findings;
  } finally {
    await client.query('rollback');
  }
}
