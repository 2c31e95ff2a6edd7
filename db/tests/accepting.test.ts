import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { attempt, codeOf, CONFLICT, INVALID, LEASE_LOST, valueOf } from './refusal';
import { addItem, addProject, claim, DONE, finish, finishMerge, type Claim } from './steps';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let daemon: Client;
/** Of a process that lives, so that nobody takes over while a test runs. */
const instance = randomUUID();
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  daemon = await world.another('daemon');
  await daemon.query('select daemon.attach($1)', [instance]);
});
afterAll(() => world.close());

/** An item under review. */
async function reviewed(settings: object = {}): Promise<{ project: string; item: number }> {
  const project = await addProject(ben, settings);
  const item = await addItem(ben, project, 'Say hello');
  await finish(
    daemon,
    (await claim(daemon, { projects: [project], instance }))!,
    'review',
    null,
    DONE,
  );
  return { project, item };
}
/** One that was accepted, and the daemon that merges it. */
async function merging(): Promise<{ project: string; item: number; held: Claim }> {
  const made = await reviewed();
  expect(await valueOf(ben, 'select (coffee.accept_item($1)).state', [made.item])).toBe(
    'in_review',
  );
  const held = await claim(daemon, { projects: [], instance });
  expect(held).toMatchObject({ item_id: made.item, kind: 'merge', attempt_id: null });
  return { ...made, held: held! };
}
const item = async (id: number) =>
  (await world.root('select * from coffee.roadmap_items where id = $1', [id]))[0]!;

describe('accept', () => {
  it('is for a daemon to merge, and says who accepted', async () => {
    const { item: id } = await merging();
    expect(await item(id)).toMatchObject({ state: 'in_review', accepted_by: world.ids.red.person });
    const again = await attempt(await world.as('anna'), 'select coffee.accept_item($1)', [id]);
    expect(again).toMatchObject({
      code: CONFLICT,
      message: 'priority 1 was accepted by ben already',
    });
  });

  it('is the end where the project merges by hand', async () => {
    const { item: id } = await reviewed({ merge: 'manual' });
    expect(await valueOf(ben, 'select (coffee.accept_item($1)).state', [id])).toBe('done');
    expect(await item(id)).toMatchObject({ accepted_by: world.ids.red.person });
  });

  it('is of the commit that the person has looked at', async () => {
    const { item: id } = await reviewed({ merge: 'manual' });
    const other = 'deadbeef'.padEnd(40, '0');
    expect(await attempt(ben, 'select coffee.accept_item($1, $2)', [id, other])).toMatchObject({
      code: CONFLICT,
      message: 'priority 1 was worked on again meanwhile',
    });
    expect(await codeOf(ben, 'select coffee.accept_item($1, $2)', [id, DONE.commit_hash])).toBe(
      'ok',
    );
  });

  it('is refused for what is not under review', async () => {
    const id = await addItem(ben, await addProject(ben));
    expect(await codeOf(ben, 'select coffee.accept_item($1)', [id])).toBe(CONFLICT);
  });
});

describe('the merge', () => {
  it('ends in done', async () => {
    const { item: id, held } = await merging();
    expect(await finishMerge(daemon, held, 'merged')).toBe('done');
    expect(
      await codeOf(daemon, `select daemon.finish_merge($1, $2, 'merged', null)`, [id, held.fence]),
    ).toBe(LEASE_LOST);
  });

  it('that conflicts plans the item again, with the reason for the next attempt', async () => {
    const { project, item: id, held } = await merging();
    expect(await finishMerge(daemon, held, 'conflict', 'README.md: both changed')).toBe('planned');
    expect(await item(id)).toMatchObject({
      feedback: 'README.md: both changed',
      accepted_at: null,
      accepted_by: null,
    });
    expect(await claim(daemon, { projects: [project], instance })).toMatchObject({
      kind: 'work',
      taken_over: false,
    });
  });

  it('that is refused takes the acceptance back', async () => {
    const { item: id, held } = await merging();
    expect(await finishMerge(daemon, held, 'refused', 'protected branch')).toBe('in_review');
    expect(await item(id)).toMatchObject({ accepted_at: null });
    await ben.query('select coffee.accept_item($1)', [id]);
    const again = await claim(daemon, { projects: [], instance });
    expect(await finishMerge(daemon, again!, 'merged')).toBe('done');
  });

  it('that has to wait is tried again later', async () => {
    const { item: id, held } = await merging();
    expect(await finishMerge(daemon, held, 'later')).toBe('in_review');
    expect(await claim(daemon, { projects: [], instance })).toBeUndefined();
    await world.root('update daemon.task_queue set retry_after = now() where item_id = $1', [id]);
    const again = await claim(daemon, { projects: [], instance });
    expect(await finishMerge(daemon, again!, 'merged')).toBe('done');
  });

  it('knows no other end, and is not ended as if it were work, nor work as if it were a merge', async () => {
    const { held } = await merging();
    const params = [held.item_id, held.fence];
    expect(
      await codeOf(daemon, `select daemon.finish_merge($1, $2, 'perhaps', null)`, params),
    ).toBe(INVALID);
    for (const call of [
      `finish($1, $2, 'review')`,
      `record_step($1, $2, 'x', 'x')`,
      `update_attempt($1, $2, '{}')`,
    ]) {
      expect(await codeOf(daemon, `select daemon.${call}`, params)).toBe(LEASE_LOST);
    }
    const { red } = world.ids;
    const working = [red.item, red.fence];
    expect(
      await codeOf(daemon, `select daemon.finish_merge($1, $2, 'refused', null)`, working),
    ).toBe(LEASE_LOST);
  });
});

describe('reopen', () => {
  it('takes a comment along into the next attempt', async () => {
    const { project, item: id } = await reviewed();
    expect(await valueOf(ben, `select (coffee.reopen_item($1, ' louder ')).state`, [id])).toBe(
      'planned',
    );
    expect(await item(id)).toMatchObject({ feedback: 'louder', branch: DONE.branch });
    const next = (await claim(daemon, { projects: [project], instance }))!;
    const [row] = await world.root('select attempt, branch from coffee.attempts where id = $1', [
      next.attempt_id,
    ]);
    expect(row).toEqual({ attempt: 2, branch: DONE.branch });
  });

  it('waits for a merge that runs', async () => {
    const { item: id } = await merging();
    expect(await attempt(ben, `select coffee.reopen_item($1, 'no')`, [id])).toMatchObject({
      code: CONFLICT,
      message: 'priority 1 is being merged',
    });
  });

  it('forgets who accepted', async () => {
    const { item: id } = await reviewed({ merge: 'manual' });
    await ben.query('select coffee.accept_item($1)', [id]);
    await ben.query(`select coffee.reopen_item($1, 'again')`, [id]);
    expect(await item(id)).toMatchObject({
      state: 'planned',
      accepted_at: null,
      accepted_by: null,
    });
  });
});
