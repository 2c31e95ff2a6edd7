import type { Client } from 'pg';
import { attempt, CONFLICT, INVALID, NOT_ALLOWED, NOT_FOUND, codeOf, valueOf } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let daemon: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  daemon = await world.as('daemon');
});
afterAll(() => world.close());

const ask = async (settings: object, client = daemon): Promise<number> =>
  Number(
    await valueOf(client, `select (coffee.ask($1, 'Which?', '', $2)).id`, [
      world.ids.red.project,
      settings,
    ]),
  );
const options = (...labels: string[]) => ({ options: labels.map((label) => ({ label })) });
/** What was taken as the answer, or the code of the refusal. */
async function answer(id: number, text: string | null): Promise<string> {
  const outcome = await attempt(ben, 'select coffee.answer($1, $2)', [id, text]);
  if (outcome.code !== 'ok') return outcome.code;
  return valueOf(ben, 'select answer from coffee.notifications where id = $1', [id]);
}

describe('an answer', () => {
  it.each([
    ['Yes', 'Yes'],
    ['yes', 'Yes'],
    ['  NO ', 'No'],
    ['2', 'No'],
    ['1', 'Yes'],
    ['3', INVALID],
    ['0', INVALID],
    ['maybe', INVALID],
    ['', INVALID],
    [null, INVALID],
    ['Yes, No', INVALID],
  ])('of %j to Yes or No is %s', async (text, taken) => {
    expect(await answer(await ask(options('Yes', 'No')), text)).toBe(taken);
  });

  it('prefers a label to a place in the list', async () => {
    expect(await answer(await ask(options('2', '1')), '1')).toBe('1');
  });

  it.each([
    ['red, Blue', 'Red, Blue'],
    ['3,1', 'Red, Blue'],
    ['1, 1, red', 'Red'],
    ['Green', 'Green'],
    ['1, purple', INVALID],
    [',', INVALID],
    ['', INVALID],
  ])('of %j to several of Red, Green, Blue is %s', async (text, taken) => {
    expect(
      await answer(await ask({ ...options('Red', 'Green', 'Blue'), multiple: true }), text),
    ).toBe(taken);
  });

  it.each([
    ['anything at all', 'anything at all'],
    ['  trimmed ', 'trimmed'],
    ['1', 'Yes'],
    [' ', INVALID],
    ['x'.repeat(20_001), '23514'],
  ])('of %.20j in free text is %.20s', async (text, taken) => {
    expect(await answer(await ask({ ...options('Yes'), free_text: true }), text)).toBe(taken);
  });

  it('without options is free text', async () => {
    expect(await answer(await ask({}), 'whatever')).toBe('whatever');
  });

  it('says by whom, when and on which way it came', async () => {
    const id = await ask(options('Yes'));
    const { rows } = await ben.query(
      `select answered_by_name, answered_via, state, answered_at <= clock_timestamp() as past
       from coffee.answer($1, '1', 'dashboard')`,
      [id],
    );
    expect(rows).toEqual([
      { answered_by_name: 'ben', answered_via: 'dashboard', state: 'answered', past: true },
    ]);
  });

  it('is no answer to what asks nothing', async () => {
    expect(await answer(await ask({ kind: 'info' }), 'thanks')).toBe(INVALID);
  });
});

describe('a question', () => {
  it('asked again with its key is the one that is there, whatever else is said', async () => {
    const first = await ask({ key: 'same', ...options('Yes') });
    expect(await ask({ key: 'same', ...options('No') })).toBe(first);
    expect(await ask({ key: 'other', ...options('Yes') })).not.toBe(first);
    expect(await ask({ ...options('Yes') })).not.toBe(await ask({ ...options('Yes') }));
  });

  it('asked at the same moment by two processes is one', async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => world.another('daemon')));
    for (let round = 0; round < 10; round += 1) {
      const ids = await Promise.all(
        sessions.map((session) => ask({ key: `race ${round}` }, session)),
      );
      expect(new Set(ids).size).toBe(1);
    }
    await Promise.all(sessions.map((session) => session.end()));
  });

  it.each([
    ['two options of one name', options('Yes', 'yes')],
    ['an option without a label', { options: [{}] }],
    ['options that are no objects', { options: ['Yes'] }],
    ['neither options nor free text', { options: [], free_text: false }],
    ['a timeout without a default', { ...options('Yes'), timeout_s: 5 }],
    [
      'a default that is none of the options',
      { ...options('Yes'), timeout_s: 5, default_answer: 'No' },
    ],
  ])('with %s is refused', async (_what, settings) => {
    const { code } = await attempt(daemon, `select coffee.ask($1, 'x', '', $2)`, [
      world.ids.red.project,
      settings,
    ]);
    expect(code).toMatch(/^(CR002|23514)$/);
  });

  it('belongs to an item and an attempt of its own project', async () => {
    const { red, blue } = world.ids;
    for (const settings of [{ item_id: blue.item }, { attempt_id: blue.attempt }]) {
      expect(await codeOf(ben, `select coffee.ask($1, 'x', '', $2)`, [red.project, settings])).toBe(
        NOT_FOUND,
      );
    }
  });
});

describe('a timeout', () => {
  it('takes the stated default, once, when anybody looks', async () => {
    const id = await ask({ ...options('Yes', 'No'), timeout_s: 0, default_answer: '2' });
    expect(await valueOf<number>(ben, 'select coffee.expire_notifications()')).toBe(1);
    expect(await valueOf<number>(daemon, 'select coffee.expire_notifications()')).toBe(0);
    const { rows } = await ben.query(
      'select state, answer, answered_by, answered_at = expires_at as then from coffee.notifications where id = $1',
      [id],
    );
    expect(rows).toEqual([{ state: 'timed_out', answer: 'No', answered_by: null, then: true }]);
  });

  it('is not passed by an answer that comes too late, even before anybody looked', async () => {
    const id = await ask({ ...options('Yes', 'No'), timeout_s: 0, default_answer: 'No' });
    expect(await attempt(ben, `select coffee.answer($1, 'Yes')`, [id])).toMatchObject({
      code: CONFLICT,
      message: 'nobody answered in time; "No" was taken',
    });
  });

  it('leaves what may wait for ever alone', async () => {
    const id = await ask(options('Yes'));
    await ben.query('select coffee.expire_notifications()');
    expect(await answer(id, 'Yes')).toBe('Yes');
  });

  it('of another team is not for everybody to end', async () => {
    const { blue } = world.ids;
    const carla = await world.as('carla');
    await carla.query(`select coffee.ask($1, 'x', '', '{"timeout_s": 0, "default_answer": "x"}')`, [
      blue.project,
    ]);
    expect(await valueOf(ben, 'select coffee.expire_notifications()')).toBe(0);
    expect(await valueOf(carla, 'select coffee.expire_notifications()')).toBe(1);
  });

  it('may be looked at by people, daemons and the bot, not by agents', async () => {
    expect(await codeOf(await world.as('slackbot'), 'select coffee.expire_notifications()')).toBe(
      'ok',
    );
    expect(await codeOf(await world.as('agent'), 'select coffee.expire_notifications()')).toBe(
      NOT_ALLOWED,
    );
  });
});

describe('withdraw', () => {
  it('takes back what one asked oneself', async () => {
    const id = await ask({ free_text: true }, ben);
    expect(await codeOf(await world.as('anna'), 'select coffee.withdraw($1)', [id])).toBe(
      NOT_FOUND,
    );
    expect(await codeOf(daemon, 'select coffee.withdraw($1)', [id])).toBe(NOT_FOUND);
    expect(await codeOf(ben, 'select coffee.withdraw($1)', [id])).toBe('ok');
    expect(await codeOf(ben, 'select coffee.withdraw($1)', [id])).toBe(NOT_FOUND);
    expect(
      await attempt(await world.as('anna'), `select coffee.answer($1, 'x')`, [id]),
    ).toMatchObject({
      code: CONFLICT,
      message: 'the question was withdrawn',
    });
  });
});
