import { codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { newKey, type Outcome, slackCalls } from './slack-calls';
import { createWorld, type Who, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const { answer, question, stateOf } = slackCalls(() => world);

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
