import { codeOf, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { slackFrom } from './seed';
import { createWorld, type Who, type World } from './world';

interface Outcome {
  outcome: 'done' | 'refused' | 'unlinked';
  code?: string;
  message?: string;
  hint?: string;
  person?: string;
  repeated?: boolean;
  result?: Record<string, unknown>;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let keys = 0;
const newKey = (): string => `key ${(keys += 1)}`;

async function answer(from: object, notification: number, text: string): Promise<Outcome> {
  const bot = await world.as('slackbot');
  return valueOf(bot, 'select coffee.slack_answer($1, $2, $3)', [from, notification, text]);
}

async function roadmap(from: object, verb: string, args: object): Promise<Outcome> {
  const bot = await world.as('slackbot');
  return valueOf(bot, 'select coffee.slack_roadmap($1, $2, $3)', [from, verb, args]);
}

async function ask(who: Who, project: string, settings: object): Promise<number> {
  const client = await world.as(who);
  return Number(
    await valueOf(client, `select id from coffee.ask($1, 'Which?', '', $2)`, [project, settings]),
  );
}

const question = (): Promise<number> =>
  ask('daemon', world.ids.red.project, { options: [{ label: 'Yes' }, { label: 'No' }] });

async function stateOf(notification: number): Promise<Record<string, unknown>> {
  const rows = await world.root<Record<string, unknown>>(
    `select state, answer, answered_by, answered_by_name, answered_via from coffee.notifications where id = $1`,
    [notification],
  );
  return rows[0]!;
}

const red = (key = newKey()): object => slackFrom(key, 'red');
const blue = (key = newKey()): object => slackFrom(key, 'blue');

describe('an answer from Slack', () => {
  it('is the linked person’s, and says where it came from', async () => {
    const id = await question();
    expect(await answer(red(), id, 'yes')).toMatchObject({ outcome: 'done', person: 'ben' });
    expect(await stateOf(id)).toEqual({
      state: 'answered',
      answer: 'Yes',
      answered_by: world.ids.red.person,
      answered_by_name: 'ben',
      answered_via: 'slack',
    });
  });

  it('is taken once, however often and however concurrently it is delivered', async () => {
    const id = await question();
    const from = red();
    const bots = await Promise.all(Array.from({ length: 8 }, () => world.another('slackbot')));
    const outcomes = await Promise.all(
      bots.map((bot) =>
        valueOf<Outcome>(bot, 'select coffee.slack_answer($1, $2, $3)', [from, id, 'No']),
      ),
    );
    await Promise.all(bots.map((bot) => bot.end()));
    expect(outcomes.filter(({ repeated }) => repeated !== true)).toHaveLength(1);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ outcome: 'done', result: { answer: 'No' } });
    const [count] = await world.root<{ n: number }>(
      `select count(*)::int as n from coffee.slack_interactions where notification_id = $1`,
      [id],
    );
    expect(count!.n).toBe(1);
  });

  it('changes nothing for an account that is not linked, and says how to link', async () => {
    const id = await question();
    const from = { key: newKey(), team: 'T1', user: 'USTRANGER', name: 'ben' };
    expect(await answer(from, id, 'Yes')).toMatchObject({
      outcome: 'unlinked',
      hint: expect.stringContaining('link-slack') as string,
    });
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('changes nothing for the same user id of another workspace', async () => {
    const id = await question();
    const from = { ...red(), team: 'T2' };
    expect(await answer(from, id, 'Yes')).toMatchObject({ outcome: 'unlinked' });
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('cannot be given by a person of another team, who does not learn that it is there', async () => {
    const id = await question();
    const refused = { outcome: 'refused', code: NOT_FOUND, person: 'carla' };
    expect(await answer(blue(), id, 'Yes')).toMatchObject(refused);
    expect(await answer(blue(), 999_999, 'Yes')).toMatchObject(refused);
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('that comes late is told who was first', async () => {
    const id = await question();
    const mona = await world.as('mona');
    await mona.query('select coffee.answer($1, $2)', [id, 'No']);
    expect(await answer(red(), id, 'Yes')).toMatchObject({
      outcome: 'refused',
      code: 'CR001',
      message: 'mona answered "No" already',
    });
    expect((await stateOf(id)).answer).toBe('No');
  });

  it('that is none of the options is refused, and the attempt is kept', async () => {
    const id = await question();
    const from = red();
    expect(await answer(from, id, 'Perhaps')).toMatchObject({ outcome: 'refused', code: INVALID });
    expect(await answer(from, id, 'Yes')).toMatchObject({ outcome: 'refused', repeated: true });
    expect((await stateOf(id)).state).toBe('pending');
  });

  it('is not told to another account that names the same key', async () => {
    const from = red('shared key');
    await answer(from, await question(), 'Yes');
    const other = await answer(blue('shared key'), world.ids.blue.question, 'Yes');
    expect(other).toMatchObject({ outcome: 'refused', repeated: true });
    expect(other.person).toBeUndefined();
  });
});

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
      ];
      for (const [sql, params] of calls)
        expect(await codeOf(client, sql, params)).toBe(NOT_ALLOWED);
    },
  );
});

describe('linking', () => {
  const newCode = async (who: Who): Promise<string> =>
    valueOf(await world.as(who), 'select code from coffee.new_slack_code()');
  const bind = async (from: object, code: string): Promise<Outcome> =>
    valueOf(await world.as('slackbot'), 'select coffee.bind_slack($1, $2)', [from, code]);
  const who = async (user: string): Promise<unknown> =>
    (await (await world.as('slackbot')).query(`select * from coffee.slack_who('T1', $1)`, [user]))
      .rows[0];
  const from = (user: string): object => ({ key: newKey(), team: 'T1', user, name: user });

  it('takes a code once, in any spelling', async () => {
    const code = await newCode('mona');
    expect(await bind(from('UMONA'), ` ${code.toLowerCase().replaceAll('-', ' ')}`)).toMatchObject({
      outcome: 'done',
      person: 'mona',
    });
    expect(await bind(from('UTHIEF'), code)).toMatchObject({ outcome: 'refused', code: NOT_FOUND });
    expect(await who('UMONA')).toMatchObject({
      name: 'mona',
      projects: [world.ids.red.project],
      daemons: [world.ids.red.daemon],
    });
    expect(await who('UTHIEF')).toBeUndefined();
  });

  it('keeps no code, and takes none that is old or replaced', async () => {
    const replaced = await newCode('mona');
    const code = await newCode('mona');
    expect(await bind(from('UX'), replaced)).toMatchObject({ outcome: 'refused' });
    await world.root(`update priv.slack_codes set expires_at = now() - interval '1 second'`);
    expect(await bind(from('UX'), code)).toMatchObject({ outcome: 'refused' });
    const [row] = await world.root<{ text: string }>(
      `select (select string_agg(c::text, '') from priv.slack_codes c)
         || (select string_agg(i::text, '') from coffee.slack_interactions i) as text`,
    );
    expect(row!.text).not.toContain(code);
  });

  it('stops listening to an account that guesses', async () => {
    for (let i = 0; i < 10; i++) await bind(from('UGUESS'), `0000-0000-000${i}`);
    const code = await newCode('mona');
    expect(await bind(from('UGUESS'), code)).toMatchObject({
      message: expect.stringContaining('too many') as string,
    });
    expect(await bind(from('UMONA'), code)).toMatchObject({ outcome: 'done' });
  });

  it('is not for agents or daemons', async () => {
    for (const other of ['agent', 'daemon', 'slackbot', 'nobody'] as const) {
      const client = await world.as(other);
      expect(await codeOf(client, 'select coffee.new_slack_code()')).toBe(NOT_ALLOWED);
    }
  });

  it('ends when the person says so', async () => {
    await bind(from('UANNA'), await newCode('anna'));
    expect(await valueOf(await world.as('anna'), 'select coffee.end_slack_links()')).toBe(1);
    expect(await who('UANNA')).toBeUndefined();
    expect(await answer(from('UANNA'), await question(), 'Yes')).toMatchObject({
      outcome: 'unlinked',
    });
  });

  it('ends when the person is removed', async () => {
    await bind(from('UMONA'), await newCode('mona'));
    const id = await question();
    const code = await newCode('mona');
    await (await world.as('anna')).query(`select coffee.remove_login('person', 'mona')`);
    expect(await answer(from('UMONA'), id, 'Yes')).toMatchObject({ outcome: 'unlinked' });
    expect(await bind(from('ULATE'), code)).toMatchObject({ outcome: 'refused' });
    expect((await stateOf(id)).state).toBe('pending');
  });
});
