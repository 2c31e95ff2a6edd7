import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { scriptedAgent } from '../../support/scripted-agent';
import { createStack, git, type Stack } from '../../support/stack';

const BLOCKED = `select count(*) = 1 as ok from coffee.roadmap_items where state = 'blocked'`;

describe('an attempt without a result', () => {
  let stack: Stack;
  let repository: string;
  let ada: HelpfulPerson;
  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop');
    ada = await helpfulPerson(stack);
  });
  afterEach(() => stack.close());

  /** The last thing that people were told, and how the attempts ended. */
  async function told() {
    const [note] = await stack.sql<{ title: string; message: string; kind: string }>(
      `select kind::text, title, message from coffee.notifications order by id desc limit 1`,
    );
    const outcomes = await stack.sql<{ outcome: string; reason: string }>(
      `select outcome::text, reason from coffee.attempts order by id`,
    );
    return { ...note!, outcomes };
  }

  it('three times without a change: blocked, and people are told why and what it said last', async () => {
    await ada.plan(repository, [{ title: 'Do nothing', body: 'Nothing' }]);
    await stack.daemon('worker');
    await stack.until(BLOCKED);
    const { kind, title, message, outcomes } = await told();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(3).fill('no_change'));
    expect([kind, title]).toEqual(['error', '1. Do nothing is blocked after 3 attempts']);
    expect(message).toBe(
      'the agent ended without a change\n\nLast output:\nThere was nothing to change.',
    );
    expect(git(repository, 'branch', '--format=%(refname:short)')).toBe('main');
  });

  it('that fails: tried again after growing pauses, while other work goes on', async () => {
    await ada.plan(repository, [{ title: 'Fail', body: 'Fail: no idea' }, { title: 'Work' }], {
      backoff_s: 1,
    });
    await stack.daemon('worker', { poll_s: '0.2' });
    await stack.until(BLOCKED);
    const { title, message } = await told();
    const [{ pauses } = { pauses: [] }] = await stack.sql<{ pauses: number[] }>(
      `select array_agg(p.seconds order by p.attempt) as pauses from (
         select a.attempt, extract(epoch from a.started_at
           - lag(a.ended_at) over (order by a.attempt))::float as seconds
         from coffee.attempts a join coffee.roadmap_items i on i.id = a.item_id
         where i.title = 'Fail') p`,
    );
    expect(pauses).toEqual([null, expect.any(Number), expect.any(Number)]);
    expect(pauses[1]).toBeGreaterThan(0.9);
    expect(pauses[2]).toBeGreaterThan(1.9);
    expect(title).toBe('1. Fail is blocked after 3 attempts');
    expect(message).toBe('no idea\n\nLast output:\nI take "Fail".\nI cannot do it: no idea');
    await ada.help();
  });

  it('that takes too long is ended, and says where it was', async () => {
    await ada.plan(repository, [{ title: 'Dawdle', body: 'Slow: 9999' }], {
      attempt_minutes: 1,
      max_attempts: 1,
    });
    await stack.daemon('worker', { minute_s: '1' });
    await stack.until(BLOCKED);
    const { message, outcomes } = await told();
    expect(outcomes).toMatchObject([
      { outcome: 'timed_out', reason: 'ended after 1 minute of work' },
    ]);
    expect(message).toMatch(/Last output:\nI take "Dawdle"\.\nstep 1 of 9999\nstep 2 of 9999/);
  });

  it('has its time once, whoever goes on with it', async () => {
    await ada.plan(repository, [{ title: 'Dawdle', body: 'Slow: 9999' }], {
      attempt_minutes: 1,
      max_attempts: 1,
    });
    const first = await stack.daemon('first', { minute_s: '4' });
    await stack.until('select worked_s >= 20 as ok from coffee.attempts');
    first.kill('SIGKILL');
    await first.ended;
    await stack.daemon('second', { minute_s: '4' });
    await stack.until(BLOCKED);
    expect(await stack.sql('select outcome, takeovers, worked_s from coffee.attempts')).toEqual([
      { outcome: 'timed_out', takeovers: 1, worked_s: 60 },
    ]);
  });

  it('is not what waiting for a person counts as', async () => {
    // Six minutes, of a second each.
    const limits = { attempt_minutes: 6, max_attempts: 1 };
    await ada.plan(repository, [{ title: 'Wait', body: 'Ask: Which? MIT / Apache' }], limits);
    await stack.daemon('worker', { minute_s: '1' });
    await stack.until(
      `select clock_timestamp() > created_at + interval '8 s' as ok
       from coffee.notifications where state = 'pending'`,
    );
    expect(await stack.sql('select ended_at from coffee.attempts')).toEqual([{ ended_at: null }]);
    await ada.help();
    const [attempt] = await stack.sql<{ outcome: string; counted: number; own: number }>(
      `select a.outcome, a.worked_s / 60::float as counted, extract(epoch from
         a.ended_at - a.started_at - (n.answered_at - n.created_at))::float as own
       from coffee.attempts a join coffee.notifications n on n.attempt_id = a.id and n.kind = 'question'`,
    );
    expect(attempt!.outcome).toBe('review');
    expect(attempt!.counted).toBeLessThanOrEqual(attempt!.own);
  });

  it('that spends the budget of its item is blocked, with what it cost', async () => {
    await ada.plan(repository, [{ title: 'Spend' }], {
      budget_item_usd: 0.5,
      ...scriptedAgent([
        { type: 'message', text: 'Thinking.' },
        { type: 'usage', cost_usd: 0.4, input_tokens: 10, output_tokens: 20 },
        { type: 'usage', cost_usd: 0.6, input_tokens: 11, output_tokens: 21 },
        { work_ms: 60_000 },
      ]),
    });
    await stack.daemon('worker');
    await stack.until(BLOCKED);
    const { title, message } = await told();
    expect(title).toBe('1. Spend is blocked: its budget is spent');
    expect(message).toBe(
      'the agent used up what was left of the budget: 0.5 USD\n\nLast output:\nThinking.',
    );
    expect(
      await stack.sql('select outcome, cost_usd::float, output_tokens from coffee.attempts'),
    ).toEqual([{ outcome: 'over_budget', cost_usd: 0.6, output_tokens: 21 }]);
  });

  it('when the budget of the day is spent it waits, nothing more is begun, and goes on when there is more', async () => {
    const agent = scriptedAgent([
      { type: 'usage', cost_usd: 0.9 },
      { write: 'done.txt', text: 'done' },
    ]);
    const project = await ada.project(repository, {
      budget_day_usd: 0.8,
      max_attempts: 1,
      ...agent,
    });
    await ada.add(project, 'Dear');
    await stack.daemon('worker', { poll_s: '0.2', beat_s: '0.5' });
    await stack.until(`select count(*) = 1 as ok from coffee.notifications where kind = 'warning'`);
    await ada.add(project, 'Cheap');
    const beat = 'select heartbeat_at > $1::timestamptz as ok from coffee.daemon_status';
    await stack.until(beat, [new Date()]);
    expect(await stack.sql('select from coffee.attempts')).toHaveLength(1);

    await ada.call('select coffee.set_project($1, $2)', project, { budget_day_usd: 10 });
    await ada.help();
    expect(await stack.sql('select outcome, takeovers from coffee.attempts order by id')).toEqual([
      { outcome: 'review', takeovers: 1 },
      { outcome: 'no_change', takeovers: 0 }, // the file is there already
    ]);
  });
});
