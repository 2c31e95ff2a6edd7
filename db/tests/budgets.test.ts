import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { addItem, addProject, claim, finish, type Claim } from './steps';
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

interface Begun {
  project: string;
  item: number;
  held: Claim;
}

async function begin(settings: object): Promise<Begun> {
  const project = await addProject(ben, settings);
  const item = await addItem(ben, project, 'Say hello');
  return { project, item, held: (await claim(daemon, { projects: [project] }))! };
}

/** Of a day's budget of one dollar as much as `cost`. */
async function spend(cost: number, settings: object = {}): Promise<Begun & { state: string }> {
  const begun = await begin({ budget_day_usd: 1, ...settings });
  const state = await finish(daemon, begun.held, 'over_budget', 'too dear', { cost_usd: cost });
  return { ...begun, state };
}

const again = ({ project }: Begun, agents = ['command']) =>
  claim(daemon, { projects: [project], agents });

/** All that was spent so far was spent the day before. */
const tomorrow = ({ item }: Begun) =>
  world.root('update coffee.attempts set cost_day = cost_day - 1 where item_id = $1', [item]);

async function attempts({ item }: Begun) {
  return world.root<{ id: number; outcome: string | null; session_id: string; agent: string }>(
    'select id::int, outcome, session_id, agent from coffee.attempts where item_id = $1',
    [item],
  );
}

describe('what is spent', () => {
  const call = (id: string, body: object, at = new Date()): object => ({
    id: `${id}-${Math.random()}`,
    type: 'generation-create',
    timestamp: at.toISOString(),
    body: { id, traceId: 't', startTime: at.toISOString(), ...body },
  });
  const trace = ({ held }: Begun, events: object[]) =>
    daemon.query('select coffee.ingest_traces($1, $2)', [held.attempt_id, JSON.stringify(events)]);
  const report = ({ held }: Begun, cost_usd: number) =>
    daemon.query('select daemon.update_attempt($1, $2, $3)', [
      held.item_id,
      held.fence,
      { cost_usd },
    ]);
  const left = ({ item }: Begun): Promise<number> =>
    valueOf(daemon, 'select daemon.budget_left($1)::float', [item]);
  /** 2 USD for a million tokens of input. */
  const priced = { model: 'claude-sonnet-5', usageDetails: { input: 100_000 } };

  it('is what the price list says of the calls, or their reporter, and not the agent’s figure', async () => {
    const begun = await begin({ budget_day_usd: 1, budget_item_usd: 5 });
    await report(begun, 0.9);
    expect(await left(begun)).toBeCloseTo(0.1);
    await trace(begun, [call('a', priced)]);
    expect(await left(begun)).toBeCloseTo(0.8);
    await trace(begun, [call('b', { ...priced, costDetails: { total: 0.05 } })]);
    expect(await left(begun)).toBeCloseTo(0.75);
    const { rows } = await ben.query(
      `select spent_today_usd::float as day,
         (select cost_usd::float from analytics.attempt_spend where attempt_id = $2) as attempt
       from analytics.budgets where project_id = $1`,
      [begun.project, begun.held.attempt_id],
    );
    expect(rows).toEqual([{ day: 0.25, attempt: 0.25 }]);
    await trace(
      begun,
      Array.from({ length: 4 }, (_, n) => call(`more ${n}`, priced)),
    );
    expect(await finish(daemon, begun.held, 'over_budget')).toBe('planned');
    expect(await again(begun)).toBeUndefined();
  });

  it('is one number for everybody of the team, also for those who read no calls, and says when it is the agent’s', async () => {
    const begun = await begin({});
    await report(begun, 0.9);
    const costs = async (who: 'ben' | 'agent' | 'slackbot' | 'carla') => {
      const client = await world.as(who);
      const { rows } = await client.query(
        'select cost_usd::float as usd, as_reported from analytics.attempt_spend where item_id = $1',
        [begun.item],
      );
      return rows as unknown[];
    };
    expect(await costs('ben')).toEqual([{ usd: 0.9, as_reported: true }]);
    await trace(begun, [call('one', priced)]);
    for (const who of ['ben', 'agent', 'slackbot'] as const) {
      expect(await costs(who)).toEqual([{ usd: 0.2, as_reported: false }]);
    }
    expect(await costs('carla')).toEqual([]);
    for (const who of ['agent', 'slackbot'] as const) {
      expect(await codeOf(await world.as(who), 'select from coffee.generations')).toBe(NOT_ALLOWED);
    }
    expect(await finish(daemon, begun.held, 'review')).toBe('in_review');
    const { rows } = await ben.query(
      `select (select cost_usd::float from analytics.priorities where item_id = $1) as priority,
         (select sum(cost_usd)::float from analytics.attempt_days
          where project_id = $2 and zone = 'UTC') as days,
         (select (context ->> 'cost_usd')::float from coffee.notifications
          where item_id = $1 and kind = 'completion') as message`,
      [begun.item, begun.project],
    );
    expect(rows).toEqual([{ priority: 0.2, days: 0.2, message: 0.2 }]);
  });

  it('is at least the agent’s figure where a call has no price', async () => {
    const begun = await begin({ budget_day_usd: 1 });
    await report(begun, 0.5);
    await trace(begun, [call('c', priced), call('d', { ...priced, model: 'who-knows' })]);
    expect(await left(begun)).toBeCloseTo(0.5);
    await trace(begun, [call('e', { ...priced, usageDetails: { input: 300_000 } })]);
    expect(await left(begun)).toBeCloseTo(0.2);
  });

  it('counts for the day on which a call was made, and for the item always', async () => {
    const begun = await begin({ budget_day_usd: 1, budget_item_usd: 0.7 });
    const yesterday = new Date(Date.now() - 86_400_000);
    await trace(begun, [call('f', priced, yesterday), call('g', priced)]);
    expect(await left(begun)).toBeCloseTo(0.3);
    await ben.query('select coffee.set_project($1, $2)', [begun.project, { budget_item_usd: 9 }]);
    expect(await left(begun)).toBeCloseTo(0.8);
  });

  it('cannot be said by another team’s daemon', async () => {
    const begun = await begin({ budget_day_usd: 1 });
    const blue = await world.as('blueDaemon');
    const args = [begun.held.attempt_id, JSON.stringify([call('h', priced)])];
    expect(await codeOf(blue, 'select coffee.ingest_traces($1, $2)', args)).not.toBe('ok');
    expect(await left(begun)).toBe(1);
  });
});

describe('the budget of the day', () => {
  it('stops an attempt, which goes on by itself the next day', async () => {
    const spent = await spend(1.25);
    expect(spent.state).toBe('planned');
    expect(await again(spent)).toBeUndefined();
    await tomorrow(spent);
    const held = await again(spent);
    expect(held).toMatchObject({ attempt_id: spent.held.attempt_id, taken_over: true });
    expect(await attempts(spent)).toMatchObject([{ outcome: null }]);
    const left = 'select daemon.budget_left($1)::float';
    expect(await valueOf(daemon, left, [spent.item])).toBe(1);
    // Totals of the attempt are reported; what is new of them is today's.
    const facts = [held!.item_id, held!.fence, { cost_usd: 1.5 }];
    await daemon.query('select daemon.update_attempt($1, $2, $3)', facts);
    expect(await valueOf(daemon, left, [spent.item])).toBe(0.75);
  });

  it('goes on at once when it is raised', async () => {
    const spent = await spend(1);
    await ben.query('select coffee.set_project($1, $2)', [spent.project, { budget_day_usd: 5 }]);
    expect(await again(spent)).toMatchObject({ attempt_id: spent.held.attempt_id });
  });

  it('tells people, once a time, and in the steps why nothing happens', async () => {
    const spent = await spend(1);
    const notes = await world.root(
      'select kind, title from coffee.notifications where item_id = $1',
      [spent.item],
    );
    expect(notes).toEqual([
      { kind: 'warning', title: '1. Say hello waits: the budget of the day is spent' },
    ]);
    const steps = await world.root('select kind from coffee.attempt_steps where attempt_id = $1', [
      spent.held.attempt_id,
    ]);
    expect(steps).toEqual([{ kind: 'waits' }]);
  });

  it('leaves the attempt’s questions to be answered meanwhile', async () => {
    const begun = await begin({ budget_day_usd: 1 });
    const id = await valueOf(daemon, `select (coffee.ask($1, 'Which?', '', $2)).id`, [
      begun.project,
      { item_id: begun.item, attempt_id: begun.held.attempt_id },
    ]);
    await finish(daemon, begun.held, 'over_budget', null, { cost_usd: 2 });
    expect(await codeOf(ben, `select coffee.answer($1, 'this')`, [id])).toBe('ok');
  });

  it('is not what blocks where the item’s own budget is spent as well', async () => {
    expect((await spend(1, { budget_item_usd: 0.5 })).state).toBe('blocked');
    expect((await spend(1, { budget_item_usd: 1 })).state).toBe('blocked');
    expect((await spend(1, { budget_item_usd: 5 })).state).toBe('planned');
  });

  it('without one, or said of less than was counted: no busy loop', async () => {
    const none = await begin({});
    expect(await finish(daemon, none.held, 'over_budget')).toBe('blocked');
    const less = await spend(0.25);
    expect(less.state).toBe('planned');
    expect(await again(less)).toBeUndefined();
    const [wait] = await world.root<{ midnight: boolean }>(
      `select retry_after at time zone 'UTC' = date_trunc('day', now() at time zone 'UTC') + interval '1 day'
         as midnight from daemon.task_queue where item_id = $1`,
      [less.item],
    );
    expect(wait).toEqual({ midnight: true });
    await ben.query('select coffee.retry_item($1)', [less.item]);
    expect(await again(less)).toMatchObject({ attempt_id: less.held.attempt_id });
  });

  it('another agent goes on without the first one’s session', async () => {
    const spent = await spend(1);
    const [before] = await attempts(spent);
    await ben.query('select coffee.set_project($1, $2)', [
      spent.project,
      { agent: 'rehearsal', budget_day_usd: 5 },
    ]);
    await again(spent, ['rehearsal']);
    const [after] = await attempts(spent);
    expect(after).toMatchObject({ id: before!.id, agent: 'rehearsal' });
    expect(after!.session_id).not.toBe(before!.session_id);
  });

  it('an attempt that waits for it ends when a person blocks the item, or a file says it is done', async () => {
    const blocked = await spend(1);
    await ben.query(`select coffee.block_item($1, 'no')`, [blocked.item]);
    expect(await attempts(blocked)).toMatchObject([{ outcome: 'stopped' }]);
    const imported = await spend(1);
    await ben.query('select coffee.import_items($1, null, $2)', [
      imported.project,
      JSON.stringify([{ number: '1', title: 'Say hello', state: 'done', body: '', source: null }]),
    ]);
    expect(await attempts(imported)).toMatchObject([{ outcome: 'stopped' }]);
  });
});

describe('the time of an attempt', () => {
  it('is a total that only grows, whoever goes on with it', async () => {
    const begun = await begin({});
    const worked = async (held: Claim, worked_s: number): Promise<number> => {
      await daemon.query('select daemon.update_attempt($1, $2, $3)', [
        held.item_id,
        held.fence,
        { worked_s },
      ]);
      return valueOf(daemon, 'select worked_s from coffee.attempts where item_id = $1', [
        held.item_id,
      ]);
    };
    expect(await worked(begun.held, 40)).toBe(40);
    await daemon.query('select daemon.release($1, $2)', [begun.item, begun.held.fence]);
    const held = (await again(begun))!;
    expect(held).toMatchObject({ attempt_id: begun.held.attempt_id, taken_over: true });
    expect(await worked(held, 3)).toBe(40);
    expect(await worked(held, 41)).toBe(41);
    const refused = [held.item_id, held.fence, { worked_s: 'NaN' }];
    expect(await codeOf(daemon, 'select daemon.update_attempt($1, $2, $3)', refused)).toBe('22P02');
  });
});
