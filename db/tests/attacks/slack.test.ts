import type { Client } from 'pg';
import { attempt, codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { slackFrom } from '../seed';
import { createWorld, type World } from '../world';

let world: World;
let bot: Client;
beforeAll(async () => {
  world = await createWorld();
  bot = await world.as('slackbot');
});
afterAll(() => world.close());

interface Said {
  outcome: string;
  repeated?: boolean;
  person?: string;
}
const answer = (client: Client, from: object, id: number, text = 'Yes'): Promise<Said> =>
  valueOf(client, 'select coffee.slack_answer($1, $2, $3)', [from, id, text]);
const ask = async (): Promise<number> =>
  Number(
    await valueOf(await world.as('daemon'), `select (coffee.ask($1, 'May I?')).id`, [
      world.ids.red.project,
    ]),
  );

describe('Slack double delivery, unlinked Slack user', () => {
  it('delivered many times at once, an answer is given once and told the same each time', async () => {
    const id = await ask();
    const bots = await Promise.all(Array.from({ length: 6 }, () => world.another('slackbot')));
    const said = await Promise.all(
      bots.map((client) => answer(client, slackFrom('twice', 'red'), id)),
    );
    expect(said.filter(({ repeated }) => repeated === true)).toHaveLength(5);
    expect(said.every(({ outcome, person }) => outcome === 'done' && person === 'ben')).toBe(true);
    const audited = await world.root(`select 1 from audit.payloads where payload::jsonb @> $1`, [
      JSON.stringify({ action: 'notification.answer', data: { id } }),
    ]);
    expect(audited).toHaveLength(1);
    await Promise.all(bots.map((client) => client.end()));
  });

  it('an item that is added twice is one', async () => {
    const from = slackFrom('added', 'red');
    const sql = `select coffee.slack_roadmap($1, 'add', $2)`;
    const what = { project: world.ids.red.project, title: 'from Slack' };
    await bot.query(sql, [from, what]);
    await bot.query(sql, [from, what]);
    expect(
      await world.root(`select 1 from coffee.roadmap_items where title = 'from Slack'`),
    ).toHaveLength(1);
  });

  it('who is not linked answers nothing, and neither does the same name elsewhere', async () => {
    const id = await ask();
    for (const from of [
      { key: 'u1', team: 'T1', user: 'UNOBODY', name: 'ben' },
      { key: 'u2', team: 'T2', user: 'URED', name: 'red' },
      { key: 'u3', user: 'URED' },
      { key: 'u4', team: 'T1' },
    ]) {
      const outcome = await attempt(bot, 'select coffee.slack_answer($1, $2, $3)', [
        from,
        id,
        'Yes',
      ]);
      const rows = await world.root<{ outcome: string }>(
        `select response_data ->> 'outcome' as outcome from coffee.slack_interactions where slack_key = $1`,
        [from.key],
      );
      // Without a workspace or an account it is refused outright.
      if (outcome.code === 'ok') expect(rows).toEqual([{ outcome: 'unlinked' }]);
      else expect([outcome.code, rows]).toEqual(['23502', []]);
    }
    const [row] = await world.root('select state from coffee.notifications where id = $1', [id]);
    expect(row).toEqual({ state: 'pending' });
  });
});

describe('the identity that is lent to the bot', () => {
  const nothingLent = async (client: Client): Promise<void> => {
    expect(await valueOf(client, 'select kind from coffee.whoami()')).toBe('slackbot');
    expect(await codeOf(client, `select coffee.answer(1, 'Yes')`)).toBe(NOT_ALLOWED);
    expect(await codeOf(client, `select coffee.add_item('${world.ids.red.project}', 'x')`)).toBe(
      NOT_ALLOWED,
    );
    expect(await world.root('select from priv.acting')).toEqual([]);
  };

  it('does not outlive the function, however the bot cuts it off', async () => {
    const id = await ask();
    await bot.query('begin');
    await answer(bot, slackFrom('within', 'red'), id);
    expect(await valueOf(bot, 'select kind from coffee.whoami()')).toBe('slackbot');
    expect(await codeOf(bot, `select coffee.answer(1, 'Yes')`)).toBe(NOT_ALLOWED);
    await bot.query('rollback');

    await bot.query('begin');
    await bot.query('savepoint s');
    await attempt(bot, `select coffee.slack_roadmap($1, 'accept', '{"item": "x"}')`, [
      slackFrom('bad', 'red'),
    ]);
    await bot.query('rollback to s');
    expect(await valueOf(bot, 'select kind from coffee.whoami()')).toBe('slackbot');
    await bot.query('commit');

    await bot.query(`set statement_timeout = '1ms'`);
    for (let n = 0; n < 20; n += 1) {
      await attempt(bot, `select coffee.slack_roadmap($1, 'add', $2)`, [
        slackFrom(`cut-${n}`, 'red'),
        { project: world.ids.red.project, title: 'cut off' },
      ]);
    }
    await bot.query('reset statement_timeout');
    await nothingLent(bot);
  });

  it('does not reach what else the same statement says', async () => {
    const sql = `select (coffee.slack_answer($1, $2, 'Yes')) ->> 'outcome' as said, w.kind,
        (select count(*)::int from coffee.slack_links) as links
      from coffee.whoami() w`;
    const { rows } = await bot.query(sql, [slackFrom('beside', 'red'), await ask()]);
    expect(rows).toEqual([{ said: 'done', kind: 'slackbot', links: 2 }]);
    await nothingLent(bot);
  });

  it('goes no further than what can be said in Slack', async () => {
    for (const verb of [
      'edit',
      'block',
      'stop',
      'set_project',
      'import',
      'reset',
      'add_login',
      'link',
    ]) {
      const code = await codeOf(bot, 'select coffee.slack_roadmap($1, $2, $3)', [
        slackFrom(verb, 'red'),
        verb,
        {},
      ]);
      expect([verb, code]).toEqual([verb, 'CR002']);
    }
    for (const sql of [
      `select priv.start_acting('${world.ids.red.person}')`,
      `select priv.slack_verb('accept', '{}')`,
      `insert into priv.acting values (pg_current_xact_id(), '${world.ids.red.person}')`,
      'select * from priv.slack_codes',
    ]) {
      expect([sql, await codeOf(bot, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });
});
