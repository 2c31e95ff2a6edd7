import type { Client } from 'pg';
import { attempt, codeOf, NOT_ALLOWED } from './refusal';
import { createWorld, type Who, type World } from './world';
import { EVERYBODY } from './logins';
import { signIn } from './sign-in';

/** A condition that is true for one row of the table, or a few. */
type Row = (world: World) => string;

export interface TableRules {
  table: string;
  /** Rows to look for, by a name for the test's title. */
  rows: Record<string, Row>;
  /** Who reads, and which of the rows they see; the others are there and hidden from them. */
  reads: Partial<Record<Who, string[]>>;
  /** A row as somebody would insert it. */
  insert: (world: World) => string;
  /** Who may insert it. */
  inserts?: Who[];
  /** Any column, for updates that change nothing if they are let through. */
  column: string;
}

/**
 * For each login: what it sees, what is hidden from it (and is there, as the superuser sees), and that
 * it changes nothing by plain SQL. `more` adds tests of the same world.
 */
export function describeTable(rules: TableRules, more?: (world: () => World) => void): void {
  describeTables([rules], more);
}

/** The same for several tables, in one world. */
export function describeTables(all: TableRules[], more?: (world: () => World) => void): void {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());
  for (const rules of all) describeIn(() => world, rules);
  more?.(() => world);
}

function describeIn(its: () => World, rules: TableRules): void {
  const { table } = rules;
  let world: World;
  beforeAll(() => {
    world = its();
  });

  const count = async (sql: string): Promise<number> =>
    (await world.root<{ n: number }>(`select count(*)::int as n from ${sql}`))[0]!.n;

  describe(table, () => {
    for (const who of EVERYBODY) {
      // Without anybody's session the dashboard has a person's rights and is nobody.
      const sees = rules.reads[who] ?? (who === 'dashboard' ? rules.reads.nobody : undefined);
      if (sees === undefined) {
        it(`is closed to ${who}`, async () => {
          expect(await codeOf(await world.as(who), `select from ${table}`)).toBe(NOT_ALLOWED);
          expect(await count(table)).toBeGreaterThan(0);
        });
        continue;
      }
      const hidden = Object.keys(rules.rows).filter((name) => !sees.includes(name));
      it(`shows ${who} ${list(sees)}, and hides ${list(hidden)}`, async () => {
        const client = await world.as(who);
        for (const [name, condition] of Object.entries(rules.rows)) {
          const { rowCount } = await client.query(`select from ${table} where ${condition(world)}`);
          const there = await count(`${table} where ${condition(world)}`);
          expect([name, there]).not.toEqual([name, 0]);
          expect([name, rowCount]).toEqual([name, sees.includes(name) ? there : 0]);
        }
      });
    }

    for (const who of PEOPLE) {
      it(`shows the dashboard what ${who} sees, while ${who} is signed in, and not a moment longer`, async () => {
        const dashboard = await world.as('dashboard');
        const all = `select x::text as row from (select * from ${table}) x order by 1`;
        const readable = `select from ${table}`;
        const own = await world.as(who);
        const query = (await codeOf(own, all)) === 'ok' ? all : readable;
        const alone = await codeOf(dashboard, query);
        const token = await signIn(world, who);
        await dashboard.query('begin');
        try {
          await dashboard.query('select coffee.enter_dashboard($1)', [token]);
          const meant = await outcomeOf(own, query);
          const outcome = await outcomeOf(dashboard, query);
          // What is granted to managers or admins alone is open to the dashboard, and empty for others.
          const empty = meant === NOT_ALLOWED && Array.isArray(outcome) && outcome.length === 0;
          if (!empty) expect(outcome).toEqual(meant);
        } finally {
          await dashboard.query('rollback');
        }
        expect(await codeOf(dashboard, query)).toBe(alone);
        if (alone === 'ok' && rules.reads.dashboard === undefined) {
          expect((await dashboard.query(query)).rowCount).toBe(0);
        }
      });
    }

    for (const who of EVERYBODY) {
      it(`is changed by ${who} through functions alone`, async () => {
        const client = await world.as(who);
        const before = await count(table);
        const may = rules.inserts?.includes(who) === true;
        expect(await codeOf(client, rules.insert(world))).toBe(may ? 'ok' : NOT_ALLOWED);
        const refused = [
          `update ${table} set ${rules.column} = ${rules.column}`,
          `update ${table} set ${rules.column} = default`,
          `delete from ${table}`,
          `truncate ${table} cascade`,
          `select from ${table} for update`,
        ];
        for (const sql of refused) {
          expect([sql, await attempt(client, sql)]).toEqual([
            sql,
            expect.objectContaining({ code: NOT_ALLOWED }),
          ]);
        }
        expect(await count(table)).toBe(before + (may ? 1 : 0));
      });
    }
  });
}

/** Members of two teams; managers and admins have rights of their groups, which a session does not give. */
const PEOPLE = ['ben', 'carla'] as const;

async function outcomeOf(client: Client, sql: string): Promise<unknown> {
  try {
    return (await client.query(sql)).rows;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

function list(names: string[]): string {
  return names.length === 0 ? 'nothing' : names.join(' and ');
}
