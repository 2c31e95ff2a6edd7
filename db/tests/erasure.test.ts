import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { replayErasures } from '@coffee-roadmap/db/backup/replay-departures';
import { erasureLine, parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import { listErasures, sealAudit } from '@coffee-roadmap/shared/audit/queries';
import { verifyAudit } from '@coffee-roadmap/shared/audit/verify';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { until } from '../../tests/support/until';
import { leaveName, tablesWith } from './left-names';
import { NO_PERSON, type Login } from './logins';
import { attempt, codeOf, CONFLICT, INVALID, NOT_ALLOWED, valueOf, type Outcome } from './refusal';
import { importCall, importRecords, RED_MACHINE, usage } from './reports';
import { slackFrom } from './seed';
import { addItem, addProject, claim, DONE, finish, finishMerge } from './steps';
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
  for (const who of NO_PERSON) {
    expect([who, await codeOf(await world.as(who), `select coffee.erase_me('ben')`)]).toEqual([
      who,
      NOT_ALLOWED,
    ]);
  }
  for (const who of ['ben', 'anna'] as const) {
    const client = await world.as(who);
    for (const sql of [
      `select priv.replay_erasures(array['${world.ids.red.person}']::uuid[])`,
      `select priv.replay_removals(array['${world.ids.red.person}']::uuid[])`,
      `select priv.erase_person('${world.ids.red.person}')`,
      `select priv.erase_detail('${world.ids.red.person}', 'ben', 'person-00000000')`,
      'delete from audit.payloads',
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  }
});

const waiting = (many: number): Promise<void> =>
  until(`${many} connections wait for a lock`, async () => {
    const [row] = await world.root<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return row!.n === many;
  });

/** A person of the red team, just made. */
async function addPerson(world: World, name: string): Promise<Client> {
  const { rows } = await (
    await world.as('anna')
  ).query<Login>(`select * from coffee.add_login('person', $1, '{team}')`, [name]);
  const { login, password } = rows[0]!;
  return world.database.connect(world.database.urlFor(login, password));
}

it('gives no pseudonym to an earlier person of the same name', async () => {
  const [anna, mona, bot] = [
    await world.as('anna'),
    await world.as('mona'),
    await world.as('slackbot'),
  ];
  const code = await valueOf<string>(anna, 'select code from coffee.new_slack_code()');
  await bot.query('select coffee.bind_slack($1, $2)', [slackFrom('anna-link', 'anna'), code]);
  const [daemon, instance] = [await world.another('daemon'), randomUUID()];
  await daemon.query('select daemon.attach($1)', [instance]);
  const acceptTwice = async (person: Client): Promise<void> => {
    const project = await addProject(mona);
    const item = await addItem(mona, project);
    const held = (await claim(daemon, { projects: [project], instance }))!;
    await finish(daemon, held, 'review', null, DONE);
    await person.query('select coffee.accept_item($1)', [item]);
    const from = slackFrom(`anna-${item}`, 'anna');
    await bot.query(`select coffee.slack_roadmap($1, 'accept', $2)`, [from, { item }]);
    await finishMerge(daemon, (await claim(daemon, { instance }))!, 'merged');
  };
  await acceptTwice(await addPerson(world, 'twin'));
  await anna.query(`select coffee.remove_login('person', 'twin')`);
  const second = await addPerson(world, 'twin');
  await acceptTwice(second);
  expect(await codeOf(second, `select coffee.erase_me('twin')`)).toBe('ok');
  const said = await world.root<{ message: string }>(
    `select response_data ->> 'message' as message from coffee.slack_interactions
     where action = 'accept' order by id`,
  );
  expect(said.map(({ message }) => message)).toEqual([
    'priority 1 was accepted by twin already',
    expect.stringMatching(/^priority 1 was accepted by person-[0-9a-f]{8} already$/),
  ]);
});

it('takes no entry of others along whose words are the name of who goes', async () => {
  const data = await addPerson(world, 'data');
  const id = await valueOf<string>(data, 'select id from coffee.whoami()');
  await data.query('select coffee.create_upload_secret()');
  const told = (): Promise<{ entry_id: string; about: boolean }[]> =>
    world.root(
      `select entry_id, payload like '%' || $1 || '%' as about from audit.payloads
       where payload not like '%"person.erase"%' order by entry_id`,
      [id],
    );
  const before = await told();
  expect(before.filter(({ about }) => about)).toHaveLength(2);
  expect(await codeOf(data, `select coffee.erase_me('data')`)).toBe('ok');
  expect(await told()).toEqual(before.filter(({ about }) => !about));
  await sealAudit(auditor);
  expect((await verifyAudit(auditor, [])).findings).toEqual([]);
});

describe('of a person', () => {
  const ben = (): string => world.ids.red.person;
  let before: Record<string, number>;
  let others: Record<string, number>;

  /** What others got who reported, or made a token, while the erasure went on. */
  let late: Outcome[];

  beforeAll(async () => {
    await leaveName(world);
    expect(await tablesWith(world, 'ben')).toEqual(
      expect.arrayContaining([
        ...['audit.payloads', 'coffee.attempts', 'coffee.notifications', 'coffee.people'],
        ...['coffee.roadmap_history', 'coffee.slack_interactions', 'priv.principals'],
      ]),
    );
    before = await rowsOf(ben());
    others = await rowsOf(world.ids.blue.person);
    const erase = `select coffee.erase_me('ben')`;
    const client = await world.another('ben');
    const [push, secret] = [await world.another('ben'), await world.another('ben')];
    const collector = await world.as('collector');
    const token = await valueOf<string>(push, 'select token from coffee.create_machine_token($1)', [
      RED_MACHINE,
    ]);
    await client.query('begin isolation level repeatable read');
    expect(await codeOf(client, erase)).toBe(INVALID);
    await client.query('rollback');
    // One push is under way, and others come before the erasure is committed.
    await collector.query('begin');
    await importRecords(collector, [usage({ message_id: 'msg_under_way' })], { token });
    await client.query('begin');
    const erased = attempt(client, erase);
    await waiting(1);
    await collector.query('commit');
    expect(await erased).toMatchObject({ code: 'ok', message: '' });
    const calls = [
      attempt(push, ...importCall([usage({ message_id: 'msg_late' })])),
      attempt(collector, ...importCall([usage({ message_id: 'msg_later' })], { token })),
      attempt(secret, 'select coffee.create_upload_secret()'),
    ];
    await waiting(3);
    await client.query('commit');
    late = await Promise.all(calls);
    expect(await codeOf(client, 'select coffee.erase_me(null)')).toBe(NOT_ALLOWED);
  });

  it('waits for what is under way, and lets nothing in that waited for it', async () => {
    expect(late.map(({ code, message }) => [code, message])).toEqual([
      [NOT_ALLOWED, 'whose records these are was erased'],
      [NOT_ALLOWED, 'this token is not valid, or not any more'],
      [NOT_ALLOWED, 'whose records these are was erased'],
    ]);
    expect(
      await world.root(`select from coffee.usage_records where person_id = $1`, [ben()]),
    ).toEqual([]);
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
    expect(await tablesWith(world, 'ben')).toEqual([]);
    const texts = await world.root<{ text: string }>(
      `select asked_by_name as text from coffee.notifications where title = 'Might I?'
       union all select changed_by_name from coffee.roadmap_history where reason like 'proposed%'
       union all select reason from coffee.attempts where outcome = 'stopped'
       union all select reason from coffee.roadmap_history where reason like 'stopped%'
       union all select response_data ->> 'message' from coffee.slack_interactions where slack_key like 'mona%'
         and response_data ->> 'outcome' = 'refused'`,
    );
    const name = person!.name;
    expect(texts.map(({ text }) => text).sort()).toEqual(
      [
        ...[`${name}'s agent`, `${name}'s agent`, `stopped by ${name}`, `blocked by ${name}`],
        ...[`stopped by ${name}`, `${name} answered "Yes" already`],
        `priority 1 was accepted by ${name} already`,
      ].sort(),
    );
    expect(
      await world.root(`select from coffee.slack_interactions where slack_user_id = 'URED'`),
    ).toEqual([]);
    for (const change of [`reason = 'x'`, `changed_by_name = 'x'`, `before = null`])
      await expect(
        world.root(`update coffee.roadmap_history set ${change} where changed_by = $1`, [ben()]),
      ).rejects.toThrow('append-only');
    await expect(world.another('ben')).rejects.toThrow(
      /not permitted to log in|authentication failed/,
    );
    expect(await codeOf(await world.as('mona'), `select name from coffee.people`)).toBe('ok');
  });

  it('is done again where an older backup brings the person back, from a list that names nobody', async () => {
    const lines = (await listErasures(auditor)).map(erasureLine).join('');
    expect(lines).not.toContain('ben');
    const people = parseErasures(`seal 1 aa\n${lines}${lines}`);
    expect(people).toHaveLength(3);
    expect(people).toContain(ben());
    expect(await replayErasures(world.database.superuserUrl, people)).toEqual([]);

    const older = await createWorld();
    try {
      // What a backup of before brings back: the same people, not erased, whatever they are called.
      const like = await addPerson(older, 'person-0123abcd');
      const ids = [
        older.ids.red.person,
        await valueOf<string>(like, 'select id from coffee.whoami()'),
      ];
      const again = await replayErasures(older.database.superuserUrl, [...people, ...ids]);
      expect(again.map(({ name }) => name).sort()).toEqual(['ben', 'person-0123abcd']);
      const names = await older.root<{ name: string }>(
        'select name from coffee.people where id = any ($1)',
        [ids],
      );
      expect(names.map(({ name }) => /^person-(?!0123abcd)/.test(name))).toEqual([true, true]);
    } finally {
      await older.close();
    }
  });
});
