import { replayErasures } from '@coffee-roadmap/db/replay-erasures';
import { erasureLine, parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import { listErasures, sealAudit } from '@coffee-roadmap/shared/audit/queries';
import { verifyAudit } from '@coffee-roadmap/shared/audit/verify';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { attempt, codeOf, CONFLICT, INVALID, NOT_ALLOWED } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let auditor: Session<'auditor'>;

beforeAll(async () => {
  world = await createWorld();
  const { login, password } = world.login('auditor');
  auditor = await openSession(world.database.urlFor(login, password), 'auditor');
  await sealAudit(auditor);
});
afterAll(async () => {
  await auditor.close();
  await world.close();
});

/** Tables whose rows of somebody stay, and why. */
const KEPT = {
  published_summaries: 'bills are made of them',
  published_lines: 'bills are made of them',
  published_months: 'bills are made of them',
  bill_lines: 'a client has it',
  rates: 'bills are made with them',
  publications: 'whether publishing worked; it says when, not what',
  slack_links: 'without the account',
  slack_interactions: 'without the account and what was said',
  dashboard_sessions: 'without the browser',
  insight_people: 'differences of totals would tell of others',
  slack_codes: 'a hash, out of date',
  dashboard_links: 'a hash, out of date',
  erasures: 'the erasure itself',
  erased_payloads: 'the erasure itself',
};

async function rowsOf(person: string): Promise<Record<string, number>> {
  const tables = await world.root<{ table: string; name: string }>(
    `select c.oid::regclass::text as table, c.relname::text as name from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'person_id'
     where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'priv')
     order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { table, name } of tables) {
    const [row] = await world.root<{ n: number }>(
      `select count(*)::int as n from ${table} where person_id = $1`,
      [person],
    );
    if (row!.n > 0) counts[name] = row!.n;
  }
  return counts;
}

it('is for the person alone, with their own name, and never for the last admin', async () => {
  expect(await codeOf(await world.as('ben'), `select coffee.erase_me('mona')`)).toBe(INVALID);
  expect(await codeOf(await world.as('anna'), `select coffee.erase_me('anna')`)).toBe(CONFLICT);
  for (const who of [
    'daemon',
    'agent',
    'slackbot',
    'collector',
    'auditor',
    'nobody',
    'dashboard',
  ] as const) {
    expect([who, await codeOf(await world.as(who), `select coffee.erase_me('ben')`)]).toEqual([
      who,
      NOT_ALLOWED,
    ]);
  }
  for (const who of ['ben', 'anna'] as const) {
    const client = await world.as(who);
    for (const sql of [
      `select priv.replay_erasures(array['${world.ids.red.person}']::uuid[])`,
      `select priv.erase_person('${world.ids.red.person}')`,
      `select priv.erase_detail('${world.ids.red.person}', 'ben', 'person-00000000')`,
      'delete from audit.payloads',
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  }
});

describe('of a person', () => {
  const ben = (): string => world.ids.red.person;
  let before: Record<string, number>;
  let others: Record<string, number>;

  beforeAll(async () => {
    before = await rowsOf(ben());
    others = await rowsOf(world.ids.blue.person);
    const client = await world.another('ben');
    const { code, message } = await attempt(client, `select coffee.erase_me('ben')`);
    expect([code, message]).toEqual(['ok', '']);
    expect(await codeOf(client, 'select coffee.erase_me(null)')).toBe(NOT_ALLOWED);
  });

  it('takes all detail, keeps what is named here, and touches nobody else', async () => {
    const after = await rowsOf(ben());
    expect(Object.keys(before).length).toBeGreaterThan(20);
    expect(Object.keys(after).filter((table) => !(table in KEPT))).toEqual([]);
    expect(after.published_lines).toBe(before.published_lines);
    expect(after.bill_lines).toBe(before.bill_lines);
    expect(await rowsOf(world.ids.blue.person)).toEqual(others);
  });

  it('leaves the name nowhere but in what people wrote, and a login that does not log in', async () => {
    const [person] = await world.root<{ name: string; login: string | null }>(
      'select c.name, p.login from coffee.people c join priv.principals p using (id) where id = $1',
      [ben()],
    );
    expect(person).toEqual({ name: expect.stringMatching(/^person-[0-9a-f]{8}$/), login: null });
    const left = await world.root(
      `select 1 from coffee.roadmap_history where changed_by = $1 and changed_by_name = 'ben'
       union all select 1 from coffee.notifications where asked_by = $1 and asked_by_name = 'ben'
         or answered_by = $1 and answered_by_name = 'ben'
       union all select 1 from priv.principals where name ~ '^ben'
       union all select 1 from audit.payloads where payload like '%"ben"%'`,
      [ben()],
    );
    expect(left).toEqual([]);
    await expect(world.another('ben')).rejects.toThrow(
      /not permitted to log in|authentication failed/,
    );
    expect(await codeOf(await world.as('mona'), `select name from coffee.people`)).toBe('ok');
  });

  it('leaves the chain of seals whole, and hides no other deletion', async () => {
    await sealAudit(auditor);
    expect((await verifyAudit(auditor, [])).findings).toEqual([]);
    const [gone] = await world.root<{ n: number }>(
      'select count(*)::int as n from audit.erased_payloads',
    );
    expect(gone!.n).toBeGreaterThan(0);
    await world.root(
      `with other as (select entry_id from audit.payloads p join audit.entries e on e.id = p.entry_id
         where e.action <> 'person.erase' order by 1 limit 1),
       hidden as (insert into audit.erased_payloads select entry_id, $1 from other)
       delete from audit.payloads where entry_id in (select entry_id from other)`,
      [ben()],
    );
    expect((await verifyAudit(auditor, [])).findings.map(({ problem }) => problem)).toEqual([
      'erasure_changed',
    ]);
  });

  it('is done again where an older backup brings the person back, from a list that names nobody', async () => {
    const lines = (await listErasures(auditor)).map(erasureLine).join('');
    expect(lines).not.toContain('ben');
    const people = parseErasures(`seal 1 aa\n${lines}${lines}`);
    expect(people).toEqual([ben()]);
    expect(await replayErasures(world.database.superuserUrl, people)).toBe(0);

    const older = await createWorld();
    try {
      // What a backup of before brings back: the same person, not erased.
      const id = older.ids.red.person;
      expect(await replayErasures(older.database.superuserUrl, [...people, id])).toBe(1);
      const [person] = await older.root<{ name: string }>(
        'select name from coffee.people where id = $1',
        [id],
      );
      expect(person!.name).toMatch(/^person-/);
    } finally {
      await older.close();
    }
  });
});
