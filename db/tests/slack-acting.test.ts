import { codeOf, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { red, slackCalls } from './slack-calls';
import { createWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const { roadmap, question } = slackCalls(() => world);

describe('the roadmap from Slack', () => {
  it('is added to with the person’s name', async () => {
    const done = await roadmap(red(), 'add', {
      project: world.ids.red.project,
      title: 'From Slack',
    });
    expect(done).toMatchObject({
      outcome: 'done',
      result: { title: 'From Slack', state: 'planned' },
    });
    const [row] = await world.root<{ created_by: string; changed_by_name: string }>(
      `select i.created_by, h.changed_by_name from coffee.roadmap_items i
       join coffee.roadmap_history h on h.item_id = i.id where i.id = $1`,
      [done.result!.item],
    );
    expect(row).toEqual({ created_by: world.ids.red.person, changed_by_name: 'ben' });
  });

  it('of another team is neither added to nor changed', async () => {
    const { blue: theirs } = world.ids;
    const refused = { outcome: 'refused', code: NOT_FOUND };
    expect(await roadmap(red(), 'add', { project: theirs.project, title: 'x' })).toMatchObject(
      refused,
    );
    expect(await roadmap(red(), 'accept', { item: theirs.item })).toMatchObject(refused);
    expect(await roadmap(red(), 'reopen', { item: theirs.item, comment: '' })).toMatchObject(
      refused,
    );
    const paused = await roadmap(red(), 'pause', { daemon: 'blue daemon' });
    expect(paused).toMatchObject(refused);
  });

  it('pauses and resumes the daemons of the person’s teams alone', async () => {
    const paused = (): Promise<{ name: string }[]> =>
      world.root('select name from coffee.daemon_status where paused_at is not null');
    expect(await roadmap(red(), 'pause', {})).toMatchObject({
      outcome: 'done',
      result: { daemons: 1 },
    });
    expect(await paused()).toEqual([{ name: 'red daemon' }]);
    expect(await roadmap(red(), 'resume', {})).toMatchObject({ outcome: 'done' });
    expect(await paused()).toEqual([]);
  });

  it('knows no other verb', async () => {
    const bot = await world.as('slackbot');
    const call = (verb: string): Promise<string> =>
      codeOf(bot, `select coffee.slack_roadmap($1, $2, '{}')`, [red(), verb]);
    expect(await call('answer')).toBe(INVALID);
    expect(await call('remove_login')).toBe(INVALID);
  });

  it('audits under the person, through the bot’s login', async () => {
    const [entry] = await world.root<{ payload: string; actor_id: string }>(
      `select p.payload, p.actor_id from audit.payloads p join audit.entries e on e.id = p.entry_id
       where e.action = 'daemon.pause' order by e.id desc limit 1`,
    );
    expect(entry!.actor_id).toBe(world.ids.red.person);
    expect(JSON.parse(entry!.payload)).toMatchObject({ login: world.login('slackbot').login });
  });
});

describe('the identity that is lent', () => {
  it('is given back before the function returns, also after a refusal', async () => {
    const bot = await world.another('slackbot');
    const everything = 'select count(*)::int = 2 from coffee.projects';
    await bot.query('begin');
    for (const id of [await question(), 999_999]) {
      await bot.query('select coffee.slack_answer($1, $2, $3)', [red(), id, 'Yes']);
      expect(await valueOf(bot, 'select kind from coffee.whoami()')).toBe('slackbot');
      expect(await valueOf(bot, everything)).toBe(true);
    }
    expect(await codeOf(bot, `select coffee.answer(1, 'x')`)).toBe(NOT_ALLOWED);
    await bot.query('rollback');
    await bot.end();
    expect(await world.root('select from priv.acting')).toEqual([]);
  });

  it('cannot be taken by the bot itself, nor by anybody else', async () => {
    const insert = `insert into priv.acting values (pg_current_xact_id(), '${world.ids.red.person}')`;
    const calls = [
      insert,
      `select priv.start_acting('${world.ids.red.person}')`,
      `select priv.slack_perform('{}', 'answer', '{}')`,
      `select priv.answer_as('${world.ids.red.person}', 1, 'x', 'slack')`,
      'select from priv.acting',
    ];
    for (const who of ['slackbot', 'ben', 'anna', 'daemon', 'nobody'] as const) {
      for (const sql of calls)
        expect([who, await codeOf(await world.as(who), sql)]).toEqual([who, NOT_ALLOWED]);
    }
  });

  it.each(['ben', 'anna', 'agent', 'daemon', 'dashboard', 'collector', 'nobody'] as const)(
    'is not lent to %s',
    async (who) => {
      const client = await world.as(who);
      const forged = red();
      const { question: id } = world.ids.red;
      const calls: [string, unknown[]][] = [
        ['select coffee.slack_answer($1, $2, $3)', [forged, id, 'Yes']],
        [`select coffee.slack_roadmap($1, 'pause', '{}')`, [forged]],
        [`select coffee.bind_slack($1, 'x')`, [forged]],
        [`select coffee.slack_who('T1', 'URED')`, []],
        [`select coffee.slack_looked($1, 'list', null)`, [forged]],
      ];
      for (const [sql, params] of calls)
        expect(await codeOf(client, sql, params)).toBe(NOT_ALLOWED);
    },
  );
});
