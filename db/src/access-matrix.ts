import type { ClientBase } from 'pg';
import { readFunctionWrites } from './function-writes';

/** Who may do what with each table and view of ours, as the catalogs say. */
export interface AccessMatrix {
  /** Column titles: the group roles of logins without `coffee_`, then the two that own functions. */
  roles: string[];
  /** Table → role → cell, in the notation of db/access-intent.md; every pair has one. */
  cells: Map<string, Map<string, string>>;
  /** Table → role → names of the functions that it may call and that change the table. */
  functions: Map<string, Map<string, string[]>>;
}

/** Whoever has the first is a person too and has all rights of coffee_user. */
const WITH_USER = ['manager', 'admin'];
/** Nobody logs in with these. */
const INTERNAL = ['api', 'registrar'];
const SCHEMAS = `('coffee', 'daemon', 'audit', 'analytics', 'priv')`;

interface Relation {
  name: string;
  /** An invoker view reads with its reader's rights, other views with their owner's. */
  kind: 'table' | 'view' | 'invoker view';
}
interface Grant {
  table: string;
  role: string;
  privilege: string;
}
interface Policy {
  table: string;
  role: string;
  command: string;
  condition: string;
}
interface Callable {
  function: string;
  role: string;
}
interface Reading {
  view: string;
  table: string;
}

interface Catalogs {
  relations: Relation[];
  grants: Grant[];
  policies: Policy[];
  callable: Callable[];
  /** What the views with owner's rights read. */
  readings: Reading[];
}

/** Computes the matrix; `client` is a superuser's. */
export async function readAccessMatrix(client: ClientBase): Promise<AccessMatrix> {
  const catalogs = await readCatalogs(client);
  const writes = await readFunctionWrites(client);
  const groups = await rolesOf(client);
  const roles = [...groups, ...INTERNAL];
  const matrix: AccessMatrix = { roles, cells: new Map(), functions: new Map() };
  for (const relation of catalogs.relations) {
    const row = new Map<string, string>();
    const functions = new Map<string, string[]>();
    for (const role of roles) {
      const held = WITH_USER.includes(role) ? [role, 'user'] : [role];
      const callable = catalogs.callable
        .filter((c) => held.includes(c.role) && writes.get(c.function)?.has(relation.name))
        .map((c) => c.function);
      functions.set(role, [...new Set(callable)].sort());
      row.set(
        role,
        INTERNAL.includes(role)
          ? verbs(catalogs, relation, role)
          : cell(catalogs, relation, held, functions.get(role)!.length > 0),
      );
    }
    matrix.cells.set(relation.name, row);
    matrix.functions.set(relation.name, functions);
  }
  return matrix;
}

/** `F W R`, `own`, `Σ`, `–`: see db/access-intent.md. Anything else is a hole or a grant without use. */
function cell(catalogs: Catalogs, relation: Relation, held: string[], changes: boolean): string {
  const { name } = relation;
  const grants = new Set(
    catalogs.grants
      .filter((g) => g.table === name && held.includes(g.role))
      .map((g) => g.privilege),
  );
  const parts: string[] = [];
  if (changes) parts.push('F');
  if (grants.delete('INSERT')) {
    parts.push(applicable(catalogs, name, held, 'INSERT').length > 0 ? 'W' : 'W without policy');
  }
  if (grants.delete('SELECT')) {
    if (relation.kind === 'table') parts.push(scope(applicable(catalogs, name, held, 'SELECT')));
    else parts.push(relation.kind === 'view' ? 'Σ' : 'V');
  }
  parts.push(...[...grants].sort());
  const totals = catalogs.readings.some(
    ({ view, table }) =>
      table === name && catalogs.grants.some((g) => g.table === view && held.includes(g.role)),
  );
  if (totals) parts.push('Σ');
  return parts.length === 0 ? '–' : parts.join(' ');
}

function applicable(catalogs: Catalogs, table: string, held: string[], command: string): Policy[] {
  return catalogs.policies.filter(
    (p) => p.table === table && held.includes(p.role) && ['*', command].includes(p.command),
  );
}

/** How far the policies let somebody see: the widest counts, because policies are added up. */
function scope(policies: Policy[]): string {
  const widths = policies.map(({ condition }): string => {
    if (/= \(\s*SELECT priv\.me\(\)/.test(condition)) return 'own';
    if (/priv\.my_\w+\(\)/.test(condition)) return 'R';
    return 'all';
  });
  return ['all', 'R', 'own'].find((width) => widths.includes(width)) ?? 'R without policy';
}

/** Of the roles that own functions: select, insert, update, delete. */
function verbs({ grants, policies }: Catalogs, { name }: Relation, role: string): string {
  const held = grants.filter((g) => g.table === name && g.role === role).map((g) => g.privilege);
  const open = policies.filter((p) => p.table === name && p.role === role).map((p) => p.command);
  const usable = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].filter(
    (verb) => held.includes(verb) && (open.includes('*') || open.includes(verb)),
  );
  return usable.length === 0 ? '–' : usable.map((verb) => verb[0]!.toLowerCase()).join('');
}

async function rolesOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ role: string }>(
    `select substr(rolname, 8) as role from pg_catalog.pg_roles
     where rolname ~ '^coffee_[a-z]+$' and rolname not in ('coffee_owner', 'coffee_api', 'coffee_registrar')
     order by array_position(array['user', 'manager', 'admin', 'agent', 'daemon', 'slackbot'],
       substr(rolname, 8)), rolname`,
  );
  return rows.map((row) => row.role);
}

async function readCatalogs(client: ClientBase): Promise<Catalogs> {
  const all = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await client.query<Row>(sql)).rows;
  return {
    relations: await all(
      `select c.oid::regclass::text as name, case when c.relkind <> 'v' then 'table'
         when coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)
         then 'invoker view' else 'view' end as kind
       from pg_catalog.pg_class c
       where c.relnamespace::regnamespace::text in ${SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm')
       order by 1`,
    ),
    // Of a view's owner its own rights say nothing: only what somebody was granted counts.
    grants: await all(
      `select distinct c.oid::regclass::text as table, substr(e.grantee::regrole::text, 8) as role,
         e.privilege_type as privilege
       from pg_catalog.pg_class c
       left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attacl is not null
       cross join lateral (
         select * from pg_catalog.aclexplode(c.relacl) union all
         select * from pg_catalog.aclexplode(a.attacl)) e
       where c.relnamespace::regnamespace::text in ${SCHEMAS} and e.grantee <> c.relowner
         and c.relkind in ('r', 'p', 'v', 'm') and e.grantee::regrole::text ~ '^coffee_'`,
    ),
    policies: await all(
      `select p.polrelid::regclass::text as table, substr(r.id::regrole::text, 8) as role,
         case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
           when 'd' then 'DELETE' else '*' end as command,
         coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid),
           pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) as condition
       from pg_catalog.pg_policy p cross join unnest(p.polroles) r (id)
       where r.id <> 0`,
    ),
    callable: await all(
      `select n.nspname || '.' || p.proname as function, substr(e.grantee::regrole::text, 8) as role
       from pg_catalog.pg_proc p
       join pg_catalog.pg_namespace n on n.oid = p.pronamespace
       cross join lateral pg_catalog.aclexplode(p.proacl) e
       where n.nspname in ${SCHEMAS} and e.grantee::regrole::text ~ '^coffee_'`,
    ),
    readings: await all(
      `select distinct v.oid::regclass::text as view, t.oid::regclass::text as table
       from pg_catalog.pg_class v
       join pg_catalog.pg_rewrite w on w.ev_class = v.oid
       join pg_catalog.pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
         and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
       join pg_catalog.pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'p')
         and t.relnamespace <> 'priv'::regnamespace -- there they only look up who asks
       where v.relkind = 'v' and v.relnamespace::regnamespace::text in ${SCHEMAS}
         and not coalesce(v.reloptions && array['security_invoker=true', 'security_invoker=on'], false)`,
    ),
  };
}
