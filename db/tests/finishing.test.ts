import type { Client } from 'pg';
import { codeOf, LEASE_LOST, valueOf } from './refusal';
import { addItem, addProject, claim, DONE, finish, type Claim } from './steps';
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

async function begin(
  settings: object = {},
): Promise<{ project: string; item: number; held: Claim }> {
  const project = await addProject(ben, settings);
  const item = await addItem(ben, project, 'Say hello');
  return { project, item, held: (await claim(daemon, { projects: [project] }))! };
}
const again = (project: string) => claim(daemon, { projects: [project] });
const told = (item: number) =>
  world.root(
    `select kind, title, message, context, state from coffee.notifications where item_id = $1 order by id`,
    [item],
  );

describe('review', () => {
  it('puts the work up, tells people where it is, and ends the lease', async () => {
    const { item, held } = await begin();
    expect(await finish(daemon, held, 'review', 'said hello', { ...DONE, cost_usd: '0.25' })).toBe(
      'in_review',
    );
    const [row] = await world.root(
      'select branch, commit_hash, accepted_at from coffee.roadmap_items where id = $1',
      [item],
    );
    expect(row).toEqual({ branch: DONE.branch, commit_hash: DONE.commit_hash, accepted_at: null });
    expect(await told(item)).toEqual([
      expect.objectContaining({
        kind: 'completion',
        title: '1. Say hello is up for review',
        message: 'said hello',
        state: 'posted',
        context: expect.objectContaining({ branch: DONE.branch, cost_usd: 0.25 }) as object,
      }),
    ]);
    expect(await codeOf(daemon, `select daemon.finish($1, $2, 'review')`, [item, held.fence])).toBe(
      LEASE_LOST,
    );
  });

  it('of a large change with a long story ends as well', async () => {
    const { item, held } = await begin();
    const diff_stat = {
      commits: Array.from({ length: 2_000 }, (_, n) => ({ subject: `commit ${n}` })),
    };
    const facts = { ...DONE, diff_stat, last_output: 'o'.repeat(100_000) };
    expect(await finish(daemon, held, 'review', 'said '.repeat(10_000), facts)).toBe('in_review');
    expect(await told(item)).toEqual([
      expect.objectContaining({ context: expect.objectContaining({ diff_stat: null }) as object }),
    ]);
  });

  it('withdraws what the attempt had still open', async () => {
    const { project, item, held } = await begin();
    const settings = { attempt_id: held.attempt_id, item_id: item, free_text: true };
    const id = await valueOf(daemon, `select (coffee.ask($1, 'Really?', '', $2)).id`, [
      project,
      settings,
    ]);
    await finish(daemon, held, 'review', null, DONE);
    const [row] = await world.root('select state from coffee.notifications where id = $1', [id]);
    expect(row).toEqual({ state: 'withdrawn' });
  });
});

describe.each(['no_change', 'failed', 'timed_out'])('%s', (outcome) => {
  it('is tried again, and blocked after max_attempts with what was last seen', async () => {
    const { project, item, held } = await begin({ max_attempts: 3 });
    expect(await finish(daemon, held, outcome, 'first')).toBe('planned');
    expect(await finish(daemon, (await again(project))!, outcome, 'second')).toBe('planned');
    const last = (await again(project))!;
    expect(
      await finish(daemon, last, outcome, 'third', { last_output: 'cannot find the file' }),
    ).toBe('blocked');
    expect(await told(item)).toEqual([
      expect.objectContaining({
        kind: 'error',
        title: '1. Say hello is blocked after 3 attempts',
        message: 'third\n\nLast output:\ncannot find the file',
      }),
    ]);
    expect(await again(project)).toBeUndefined();
    const attempts = await world.root(
      'select attempt, outcome from coffee.attempts where item_id = $1 order by 1',
      [item],
    );
    expect(attempts).toEqual([1, 2, 3].map((attempt) => ({ attempt, outcome })));
  });

  it('counts from nothing again after a person says so', async () => {
    const { project, item, held } = await begin({ max_attempts: 1 });
    expect(await finish(daemon, held, outcome)).toBe('blocked');
    expect(await valueOf(ben, 'select (coffee.retry_item($1)).state', [item])).toBe('planned');
    await ben.query(`select coffee.set_project($1, '{"max_attempts": 2}')`, [project]);
    expect(await finish(daemon, (await again(project))!, outcome)).toBe('planned');
    expect(await finish(daemon, (await again(project))!, outcome)).toBe('blocked');
  });
});

describe('backoff', () => {
  it('doubles from one try to the next', async () => {
    const { project, item, held } = await begin({ max_attempts: 10, backoff_s: 100 });
    const waits = async (): Promise<number> => {
      const [row] = await world.root<{ s: number }>(
        `select round(extract(epoch from retry_after - updated_at))::int as s, updated_at
         from daemon.task_queue where item_id = $1`,
        [item],
      );
      await world.root(`update daemon.task_queue set retry_after = now() where item_id = $1`, [
        item,
      ]);
      return row!.s;
    };
    let next: Claim | undefined = held;
    const seen: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      await world.root(`update daemon.task_queue set updated_at = now() where item_id = $1`, [
        item,
      ]);
      await finish(daemon, next!, 'failed');
      seen.push(await waits());
      next = await again(project);
    }
    expect(seen).toEqual([100, 200, 400, 800]);
  });
});

describe('over_budget', () => {
  it('blocks at once', async () => {
    const { item, held } = await begin({ max_attempts: 5, budget_item_usd: 1 });
    expect(
      await finish(daemon, held, 'over_budget', 'the agent reached its budget', { cost_usd: 1 }),
    ).toBe('blocked');
    expect(await told(item)).toEqual([
      expect.objectContaining({
        kind: 'error',
        title: '1. Say hello is blocked: its budget is spent',
      }),
    ]);
  });
});

describe('a person who blocks, or stops', () => {
  it('ends the attempt and takes the lease away', async () => {
    const { item, held } = await begin();
    expect(await valueOf(ben, `select (coffee.stop_item($1)).state`, [item])).toBe('blocked');
    expect(
      await valueOf(daemon, `select daemon.heartbeat($1, $2, '30 s')`, [item, held.fence]),
    ).toBe(false);
    const [row] = await world.root(
      'select outcome, reason from coffee.attempts where item_id = $1',
      [item],
    );
    expect(row).toEqual({ outcome: 'stopped', reason: 'stopped by ben' });
    expect(await codeOf(daemon, `select daemon.finish($1, $2, 'review')`, [item, held.fence])).toBe(
      LEASE_LOST,
    );
  });

  it('finds nothing to stop where nothing runs', async () => {
    const item = await addItem(ben, await addProject(ben));
    expect(await codeOf(ben, 'select coffee.stop_item($1)', [item])).toBe('CR001');
  });
});

describe('facts of an attempt', () => {
  it('are totals that only grow, whatever the order of the reports', async () => {
    const { item, held } = await begin();
    for (const cost_usd of [0.5, 2, 1]) {
      await daemon.query('select daemon.update_attempt($1, $2, $3)', [
        item,
        held.fence,
        { cost_usd, input_tokens: cost_usd * 100 },
      ]);
    }
    const [row] = await world.root(
      'select cost_usd::float, input_tokens::int from coffee.attempts where item_id = $1',
      [item],
    );
    expect(row).toEqual({ cost_usd: 2, input_tokens: 200 });
  });

  it('steps are numbered in the order in which they came', async () => {
    const { item, held } = await begin();
    for (const summary of ['a', 'b', 'c']) {
      await daemon.query('select daemon.record_step($1, $2, $3, $4)', [
        item,
        held.fence,
        'note',
        summary,
      ]);
    }
    const { rows } = await ben.query(
      'select step, summary from coffee.attempt_steps where attempt_id = $1 order by 1',
      [held.attempt_id],
    );
    expect(rows).toEqual(['a', 'b', 'c'].map((summary, n) => ({ step: n + 1, summary })));
  });
});
