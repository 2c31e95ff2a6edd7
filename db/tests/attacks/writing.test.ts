import { parseAccessIntent } from '@coffee-roadmap/db/access-intent';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EVERYBODY, type Who } from '../logins';
import { codeOf, INVALID, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Every table, as db/access-intent.md names them; views change nothing. */
const TABLES = [
  ...parseAccessIntent(
    readFileSync(path.join(databaseFolder(), 'access-intent.md'), 'utf8'),
  ).keys(),
].filter((name) => !name.startsWith('analytics.') && name !== 'priv.attempt_spend');

describe('TRUNCATE, TRIGGER, REFERENCES, MAINTAIN grants', () => {
  it('are tried on every table that there is', async () => {
    const rows = await world.root<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...TABLES].sort());
  });

  it.each(EVERYBODY)('%s has none, nor UPDATE or DELETE, on any', async (who) => {
    const rows = await world.root(
      `select c.oid::regclass::text as table, privilege from pg_class c
       cross join unnest(array['update', 'delete', 'truncate', 'references', 'trigger'] ||
         case when current_setting('server_version_num')::int >= 170000 then array['maintain'] else '{}' end) privilege
       where c.oid::regclass::text = any ($2) and (
         has_table_privilege($1, c.oid, privilege)
         or privilege in ('update', 'references') and has_any_column_privilege($1, c.oid, privilege))`,
      [world.login(who).login, TABLES],
    );
    expect(rows).toEqual([]);
  });

  it.each(EVERYBODY)('%s can use none', async (who) => {
    const client = await world.as(who);
    for (const sql of [
      'truncate coffee.notifications cascade',
      'create trigger t after insert on coffee.notifications for each row execute function tsvector_update_trigger()',
      'create index on coffee.notifications (id)',
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });
});

describe('blind UPDATE and RETURNING', () => {
  it.each(TABLES)('change and show nothing of %s', async (table) => {
    const [column] = await world.root<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and attidentity = '' order by attnum limit 1`,
      [table],
    );
    const [before] = await world.root(
      `select md5(string_agg(t::text, '|' order by t::text)) as hash from ${table} t`,
    );
    for (const who of EVERYBODY) {
      const client = await world.as(who);
      for (const sql of [
        `update ${table} set ${column!.name} = ${column!.name}`,
        `update ${table} set ${column!.name} = ${column!.name} returning *`,
        `update ${table} set ${column!.name} = default where false`,
        `delete from ${table} returning *`,
        `delete from ${table} where false`,
      ]) {
        expect([who, sql, await codeOf(client, sql)]).toEqual([who, sql, NOT_ALLOWED]);
      }
    }
    const [after] = await world.root(
      `select md5(string_agg(t::text, '|' order by t::text)) as hash from ${table} t`,
    );
    expect(after).toEqual(before);
  });
});

describe('insert as someone else', () => {
  it('the bot cannot say whose click it was', async () => {
    const sql = `insert into coffee.slack_interactions (slack_key, slack_user_id, action, person_id)
      values ('as-carla', 'U1', 'click', '${world.ids.blue.person}')`;
    expect(await codeOf(await world.as('slackbot'), sql)).toBe(NOT_ALLOWED);
  });

  it.each(['ben', 'agent', 'daemon'] as Who[])(
    '%s asks in its own name, whatever it says',
    async (who) => {
      const client = await world.as(who);
      const settings = {
        asked_by: world.ids.blue.person,
        asked_by_name: 'carla',
        state: 'answered',
        answer: 'Yes',
      };
      const { rows } = await client.query(
        `select n.asked_by = w.id as mine, n.asked_by_name = w.name as named, n.state, n.answer
       from coffee.ask($1, 'Who asks?', '', $2) n cross join coffee.whoami() w`,
        [world.ids.red.project, settings],
      );
      expect(rows).toEqual([{ mine: true, named: true, state: 'pending', answer: null }]);
    },
  );

  it('an answer carries the name of who gave it', async () => {
    const ben = await world.as('ben');
    const { rows } = await ben.query(`select * from coffee.answer($1, 'me')`, [
      world.ids.bensQuestion,
    ]);
    expect(rows[0]).toMatchObject({ answered_by: world.ids.red.person, answered_by_name: 'ben' });
  });
});

describe('move a row to another owner', () => {
  it('a project stays in its team', async () => {
    const ben = await world.as('ben');
    const { red, blue } = world.ids;
    for (const settings of [{ team_id: blue.team }, { id: blue.project }, { created_at: 'now' }]) {
      expect(await codeOf(ben, 'select coffee.set_project($1, $2)', [red.project, settings])).toBe(
        INVALID,
      );
    }
  });

  it('the holder of a lease writes to its own attempt and item, whatever it names', async () => {
    const daemon = await world.as('daemon');
    const { red, blue } = world.ids;
    const facts = {
      id: blue.attempt,
      item_id: blue.item,
      project_id: blue.project,
      daemon_id: blue.daemon,
      session_id: '00000000-0000-4000-8000-000000000000',
      attempt: 77,
      outcome: 'review',
      branch: 'roadmap/1-stolen',
    };
    await daemon.query('select daemon.update_attempt($1, $2, $3)', [red.item, red.fence, facts]);
    const [theirs] = await world.root('select branch from coffee.roadmap_items where id = $1', [
      blue.item,
    ]);
    expect(theirs).toEqual({ branch: null });
    const [own] = await world.root(
      'select item_id::int, daemon_id, attempt, outcome, branch from coffee.attempts where id = $1',
      [red.attempt],
    );
    expect(own).toEqual({
      item_id: red.item,
      daemon_id: red.daemon,
      attempt: 1,
      outcome: null,
      branch: 'roadmap/1-stolen',
    });
  });

  it('a daemon reports about itself, whatever it names', async () => {
    const daemon = await world.as('daemon');
    const status = {
      daemon_id: world.ids.blue.daemon,
      name: 'blue daemon',
      state: 'stopped',
      paused_at: 'now',
    };
    const { rows } = await daemon.query('select * from daemon.report($1)', [status]);
    expect(rows[0]).toMatchObject({
      daemon_id: world.ids.red.daemon,
      name: 'red daemon',
      paused_at: null,
    });
    const [theirs] = await world.root(
      'select state from coffee.daemon_status where daemon_id = $1',
      [world.ids.blue.daemon],
    );
    expect(theirs).toEqual({ state: 'idle' });
  });
});

describe('rewriting history', () => {
  it.each(['coffee.roadmap_history', 'coffee.attempt_steps', 'audit.entries'])(
    'is refused for %s to every login, and by a trigger to whoever owns it',
    async (table) => {
      const superuser = await world.database.connect();
      for (const sql of [`delete from ${table}`, `truncate ${table} cascade`]) {
        for (const who of EVERYBODY)
          expect(await codeOf(await world.as(who), sql)).toBe(NOT_ALLOWED);
        expect(await codeOf(superuser, sql)).toBe(NOT_ALLOWED);
      }
      await superuser.end();
    },
  );

  it('keeps who, when, and what it was before', async () => {
    const ben = await world.as('ben');
    await ben.query(`select coffee.edit_item($1, null, 'another title')`, [world.ids.red.planned]);
    const { rows } = await ben.query(
      `select changed_by_name, before ->> 'title' as before, after ->> 'title' as after
       from coffee.roadmap_history where item_id = $1 and change = 'edit'`,
      [world.ids.red.planned],
    );
    expect(rows).toEqual([
      { changed_by_name: 'ben', before: 'red secret plan', after: 'another title' },
    ]);
  });
});

describe('forged clocks', () => {
  it("every time is the server's", async () => {
    const daemon = await world.as('daemon');
    const { red } = world.ids;
    await daemon.query(`set timezone = 'Pacific/Kiritimati'`);
    const report = { state: 'idle', started_at: 'infinity', heartbeat_at: '2099-01-01' };
    const { rows } = await daemon.query<{ sane: boolean }>(
      `select started_at <= now() and heartbeat_at between now() - interval '1 min' and now() + interval '1 min' as sane
       from daemon.report($1)`,
      [report],
    );
    expect(rows).toEqual([{ sane: true }]);
    const facts = { started_at: '2001-01-01', ended_at: '2001-01-01' };
    await daemon.query('select daemon.update_attempt($1, $2, $3)', [red.item, red.fence, facts]);
    const asked = { created_at: '2001-01-01', answered_at: '2001-01-01' };
    const id = await valueOf(daemon, `select (coffee.ask($1, 'When?', '', $2)).id`, [
      red.project,
      asked,
    ]);
    const [times] = await world.root(
      `select a.started_at > now() - interval '1 hour' as attempt, a.ended_at,
         n.created_at > now() - interval '1 hour' as asked, n.answered_at
       from coffee.attempts a, coffee.notifications n where a.id = $1 and n.id = $2`,
      [red.attempt, id],
    );
    expect(times).toEqual({ attempt: true, ended_at: null, asked: true, answered_at: null });
    await daemon.query('reset timezone');
  });
});
