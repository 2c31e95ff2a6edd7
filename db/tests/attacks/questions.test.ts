import type { Client } from 'pg';
import { attempt, codeOf, CONFLICT, NOT_ALLOWED, NOT_FOUND, valueOf } from '../refusal';
import { slackFrom } from '../seed';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const ask = async (client: Client, settings: object = { free_text: true }): Promise<number> =>
  Number(
    await valueOf(client, `select (coffee.ask($1, 'May I?', '', $2)).id`, [
      world.ids.red.project,
      settings,
    ]),
  );

describe("answer twice, answer another's, CLI and Slack race", () => {
  it('the second answer is told who gave the first', async () => {
    const id = await ask(await world.as('daemon'));
    await (await world.as('ben')).query(`select coffee.answer($1, 'Yes')`, [id]);
    const outcome = await attempt(await world.as('anna'), `select coffee.answer($1, 'No')`, [id]);
    expect(outcome).toMatchObject({ code: CONFLICT, message: 'ben answered "Yes" already' });
    expect(await codeOf(await world.as('ben'), `select coffee.answer($1, 'No')`, [id])).toBe(
      CONFLICT,
    );
    const [row] = await world.root(
      'select answer, answered_by_name from coffee.notifications where id = $1',
      [id],
    );
    expect(row).toEqual({ answer: 'Yes', answered_by_name: 'ben' });
  });

  it("a question of another team's does not exist", async () => {
    const carla = await world.as('carla');
    expect(await codeOf(carla, `select coffee.answer($1, 'Yes')`, [world.ids.red.question])).toBe(
      NOT_FOUND,
    );
    const [row] = await world.root('select state from coffee.notifications where id = $1', [
      world.ids.red.question,
    ]);
    expect(row).toEqual({ state: 'pending' });
  });

  it('of many that answer at the same moment one wins, and the others are told who', async () => {
    const racers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => world.another(n % 2 === 0 ? 'ben' : 'anna')),
    );
    for (let round = 0; round < 10; round += 1) {
      const id = await ask(await world.as('daemon'));
      const outcomes = await Promise.all(
        racers.map((racer, n) =>
          attempt(racer, 'select coffee.answer($1, $2, $3)', [
            id,
            `answer ${n}`,
            n % 2 === 0 ? 'cli' : 'slack',
          ]),
        ),
      );
      const won = outcomes.findIndex(({ code }) => code === 'ok');
      const winner = won % 2 === 0 ? 'ben' : 'anna';
      expect(outcomes.filter(({ code }) => code === 'ok')).toHaveLength(1);
      for (const { message } of outcomes.filter(({ code }) => code !== 'ok')) {
        expect(message).toBe(`${winner} answered "answer ${won}" already`);
      }
    }
    await Promise.all(racers.map((racer) => racer.end()));
  });

  it('on a terminal and in Slack at the same moment: one wins, the other is told who', async () => {
    const bot = await world.as('slackbot');
    const anna = await world.as('anna');
    for (let round = 0; round < 20; round += 1) {
      const id = await ask(await world.as('daemon'), {
        options: [{ label: 'Yes' }, { label: 'No' }],
      });
      const from = slackFrom(`race-${round}`, 'red'); // ben's account
      const terminal = () => attempt(anna, `select coffee.answer($1, 'Yes')`, [id]);
      // Whoever is asked first goes first often; so each is, in turn.
      const early = round % 2 === 0 ? terminal() : undefined;
      const slack = valueOf<{ outcome: string; message?: string }>(
        bot,
        `select coffee.slack_answer($1, $2, 'No')`,
        [from, id],
      );
      const [said, told] = await Promise.all([slack, early ?? terminal()]);
      const [row] = await world.root<{ answer: string; answered_via: string }>(
        'select answer, answered_by_name, answered_via from coffee.notifications where id = $1',
        [id],
      );
      if (row!.answered_via === 'cli') {
        expect(row).toMatchObject({ answer: 'Yes', answered_by_name: 'anna' });
        expect(said).toMatchObject({ outcome: 'refused', message: 'anna answered "Yes" already' });
      } else {
        expect(row).toMatchObject({ answer: 'No', answered_by_name: 'ben' });
        expect(told).toMatchObject({ code: CONFLICT, message: 'ben answered "No" already' });
      }
    }
  });

  it('a bot that has no link to a person answers nothing', async () => {
    const id = await ask(await world.as('daemon'));
    expect(
      await codeOf(await world.as('slackbot'), `select coffee.answer($1, 'Yes', 'slack')`, [id]),
    ).toBe(NOT_ALLOWED);
  });

  it('an answer is not taken back, nor a question withdrawn that somebody answered', async () => {
    const daemon = await world.as('daemon');
    const id = await ask(daemon);
    await (await world.as('ben')).query(`select coffee.answer($1, 'Yes')`, [id]);
    expect(await codeOf(daemon, 'select coffee.withdraw($1)', [id])).toBe(NOT_FOUND);
  });
});

describe('notification flood', () => {
  it('ends at 500 an hour for one asker, and for nobody else', async () => {
    const agent = await world.as('agent');
    const flood = `select coffee.ask($1, 'again ' || n, '', '{"kind": "info"}') from generate_series(1, $2::int) n`;
    await agent.query(flood, [world.ids.red.project, 500]);
    expect(await codeOf(agent, flood, [world.ids.red.project, 1])).toBe(CONFLICT);
    expect(await codeOf(await world.as('ben'), flood, [world.ids.red.project, 1])).toBe('ok');
  });

  it('still lets a daemon end its attempt and tell people', async () => {
    const daemon = await world.as('daemon');
    const { red } = world.ids;
    const flood = `select coffee.ask($1, 'again ' || n, '', '{"kind": "info"}') from generate_series(1, $2::int) n`;
    const [asked] = await world.root<{ n: number }>(
      `select count(*)::int as n from coffee.notifications where asked_by = $1`,
      [red.daemon],
    );
    await daemon.query(flood, [red.project, 500 - asked!.n]);
    expect(await codeOf(daemon, flood, [red.project, 1])).toBe(CONFLICT);
    await daemon.query(`select daemon.finish($1, $2, 'review', 'done', '{"branch": "b"}')`, [
      red.item,
      red.fence,
    ]);
    const told = await world.root(
      `select 1 from coffee.notifications where item_id = $1 and kind = 'completion'`,
      [red.item],
    );
    expect(told).toHaveLength(1);
  });

  it('carries no text: a hint is an id or nothing', async () => {
    const listener = await world.another('carla');
    const payloads: string[] = [];
    let heard = (): void => undefined;
    listener.on('notification', ({ payload }) => {
      payloads.push(payload ?? '');
      heard();
    });
    await listener.query(
      'listen coffee_notifications; listen coffee_roadmap; listen coffee_control; listen coffee_progress',
    );
    const arrived = new Promise<void>((resolve) => (heard = resolve));
    await ask(await world.as('ben'));
    await arrived;
    for (const payload of payloads) expect(payload).toMatch(/^\d*$/);
    await listener.end();
  });

  it('a hint in our name is only a hint: whoever gets it reads again with its own rights', async () => {
    const carla = await world.another('carla');
    await carla.query(`notify coffee_control, '1'`); // nobody can be stopped from this
    expect(await codeOf(carla, `select pg_notify('coffee_control', '1')`)).toBe(NOT_ALLOWED);
    await carla.end();
  });
});
