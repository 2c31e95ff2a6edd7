import type { Client } from 'pg';

/** A new pair of keys of a project, public and secret, made by this person. */
export async function newKey(person: Client, project: string): Promise<string[]> {
  const { rows } = await person.query<{ public_key: string; secret_key: string }>(
    `select * from coffee.add_project_key($1, 'program')`,
    [project],
  );
  return [rows[0]!.public_key, rows[0]!.secret_key];
}
