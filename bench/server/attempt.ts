import type { Client } from 'pg';

/** One attempt of a new project's first priority, for a daemon that never claimed it. */
export async function makeAttempt(
  root: Client,
  person: Client,
  daemonId: string,
): Promise<{ project: string; attempt: number }> {
  const { rows: projects } = await person.query<{ id: string }>(
    `select coffee.add_project(null, 'bench', '/nowhere', '{"agent": "rehearsal"}') as id`,
  );
  const project = projects[0]!.id;
  const { rows: items } = await person.query<{ id: number }>(
    `select id from coffee.add_item($1, 'Bench', '')`,
    [project],
  );
  const { rows: attempts } = await root.query<{ id: number }>(
    `insert into coffee.attempts (item_id, project_id, attempt, daemon_id, agent)
     values ($1, $2, 1, $3, 'rehearsal') returning id`,
    [items[0]!.id, project, daemonId],
  );
  return { project, attempt: attempts[0]!.id };
}
