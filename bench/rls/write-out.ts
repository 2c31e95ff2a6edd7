/** The policies' filters as an application would write them without row-level security. */
function filters(person: string): Record<string, string> {
  const teams = `select m.team_id from coffee.memberships m where m.member_id = ${person}`;
  const projects = `project_id = any (array(
    select p.id from coffee.projects p where p.team_id in (${teams})))`;
  return {
    projects: `team_id = any (array(${teams}))`,
    teams: `id = any (array(${teams}))`,
    memberships: `team_id = any (array(${teams}))`,
    people: `id = any (array(
      select distinct m.member_id from coffee.memberships m where m.team_id in (${teams})))`,
    daemon_status: `daemon_id = any (array(
      select m.member_id from coffee.memberships m where m.team_id in (${teams})))`,
    roadmap_items: projects,
    roadmap_history: projects,
    attempts: projects,
    attempt_steps: projects,
    notifications: projects,
  };
}

/**
 * The same statement for a role that row-level security does not hold back: the filter stands once,
 * at the table that decides what is found. `person` is a quoted uuid.
 */
export function writeOut(sql: string, table: string, person: string): string {
  const filter = filters(person)[table];
  if (filter === undefined) throw new Error(`no filter is written for coffee.${table}`);
  const named = new RegExp(`\\b(from|join)\\s+"?coffee"?\\."?${table}"?`, 'g');
  return sql.replace(
    named,
    (_, verb: string) => `${verb} (select * from coffee.${table} where ${filter})`,
  );
}
