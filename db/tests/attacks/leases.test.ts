import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { attempt, codeOf, LEASE_LOST, NOT_FOUND, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

interface Claim {
  item_id: string;
  fence: string;
  attempt_id: string;
  taken_over: boolean;
}
const claim = async (daemon: Client, instance: string = randomUUID()): Promise<Claim | undefined> =>
  (
    await daemon.query<Claim>(
      `select * from daemon.claim($1, '{rehearsal,command}', '10 min', '0 s')`,
      [instance],
    )
  ).rows[0];
const endLease = (item: number | string) =>
  world.root('update daemon.task_queue set lease_until = clock_timestamp() where item_id = $1', [
    item,
  ]);

/** A second daemon of the red team. */
async function otherDaemon(): Promise<Client> {
  const anna = await world.as('anna');
  const { rows } = await anna.query<{ login: string; password: string }>(
    `select * from coffee.add_login('daemon', 'second', '{team}')`,
  );
  return world.database.connect(world.database.urlFor(rows[0]!.login, rows[0]!.password));
}

describe('fencing, poison task, queue hoarding', () => {
  it('a zombie changes nothing after another took over', async () => {
    const zombie = await world.as('daemon');
    const { item, fence, attempt: id } = world.ids.red;
    await endLease(item);
    const next = await claim(await otherDaemon());
    expect(next).toMatchObject({ item_id: String(item), attempt_id: String(id), taken_over: true });
    expect(Number(next!.fence)).toBeGreaterThan(fence);
    const before = await world.root('select * from coffee.attempts where id = $1', [id]);
    for (const call of [
      `daemon.record_step($1, $2, 'x', 'x')`,
      `daemon.update_attempt($1, $2, '{"branch": "x"}')`,
      `daemon.finish($1, $2, 'review')`,
      `daemon.finish_merge($1, $2, 'merged', null)`,
      `daemon.finish($1, ${next!.fence} + 0 * $2::bigint, 'review')`, // the new fence, in its own name
    ]) {
      expect([call, await codeOf(zombie, `select ${call}`, [item, fence])]).toEqual([
        call,
        LEASE_LOST,
      ]);
    }
    expect(await valueOf(zombie, `select daemon.heartbeat($1, $2, '1 min')`, [item, fence])).toBe(
      false,
    );
    expect(await valueOf(zombie, 'select daemon.release($1, $2)', [item, fence])).toBe(false);
    expect(await world.root('select * from coffee.attempts where id = $1', [id])).toEqual(before);
  });

  it('a zombie asks nothing more for an attempt that is not its own any longer', async () => {
    const zombie = await world.as('daemon');
    await endLease(world.ids.red.item);
    await claim(await otherDaemon());
    const sql = `select coffee.ask($1, 'x', '', $2)`;
    const settings = { attempt_id: world.ids.red.attempt };
    expect(await codeOf(zombie, sql, [world.ids.red.project, settings])).toBe(NOT_FOUND);
  });

  it('a task that fails every time is blocked, and the next one has its turn', async () => {
    const daemon = await world.as('daemon');
    const { red } = world.ids;
    await (
      await world.as('ben')
    ).query('select coffee.set_project($1, $2)', [red.project, { max_attempts: 2, backoff_s: 0 }]);
    await daemon.query(`select daemon.finish($1, $2, 'failed', 'no')`, [red.item, red.fence]);
    const second = await claim(daemon);
    expect(second?.item_id).toBe(String(red.item));
    await daemon.query(`select daemon.finish($1, $2, 'failed', 'no')`, [red.item, second!.fence]);
    const [row] = await world.root('select state from coffee.roadmap_items where id = $1', [
      red.item,
    ]);
    expect(row).toEqual({ state: 'blocked' });
    expect((await claim(daemon))?.item_id).toBe(String(red.planned));
  });

  it.each(['100 years', 'infinity', '1 day'])('no lease lasts %s', async (lease) => {
    const daemon = await world.as('daemon');
    const { item, fence } = world.ids.red;
    const outcome = await attempt(daemon, `select daemon.heartbeat($1, $2, $3::interval)`, [
      item,
      fence,
      lease,
    ]);
    expect(['ok', '22007', '22008']).toContain(outcome.code); // before 17 there is no infinite interval
    const [row] = await world.root<{ ok: boolean }>(
      `select lease_until <= now() + interval '15 min' as ok from daemon.task_queue where item_id = $1`,
      [item],
    );
    expect(row).toEqual({ ok: true });
  });

  it('a hoarder loses everything when its login is removed', async () => {
    const hoarder = await otherDaemon();
    const ben = await world.as('ben');
    for (let n = 0; n < 5; n += 1)
      await ben.query(`select coffee.add_item($1, 'more')`, [world.ids.red.project]);
    const instance = randomUUID();
    await hoarder.query('select daemon.attach($1)', [instance]);
    let hoarded = 0;
    while ((await claim(hoarder, instance)) !== undefined) hoarded += 1;
    expect(hoarded).toBeGreaterThanOrEqual(5);
    const anna = await world.as('anna');
    await anna.query(`select coffee.remove_login('daemon', 'second')`);
    expect((await attempt(hoarder, `select daemon.heartbeat(1, 1, '1 min')`)).code).toBe('42501');
    // Its session is still open and holds its lock; that counts for nothing any more.
    expect(await claim(await world.as('daemon'))).toMatchObject({ taken_over: true });
  });
});

describe('partition with a zombie daemon', () => {
  it('what it did while it was cut off does not count, and the item is finished once', async () => {
    const zombie = await world.as('daemon');
    const { item, fence } = world.ids.red;
    const other = await otherDaemon();
    await endLease(item);
    const next = await claim(other);
    await other.query(`select daemon.finish($1, $2, 'review', 'by the other', '{"branch": "b"}')`, [
      item,
      next!.fence,
    ]);
    expect(
      await codeOf(zombie, `select daemon.finish($1, $2, 'review', 'by the zombie')`, [
        item,
        fence,
      ]),
    ).toBe(LEASE_LOST);
    const history = await world.root(
      `select reason from coffee.roadmap_history where item_id = $1 and change = 'review'`,
      [item],
    );
    expect(history).toEqual([{ reason: 'by the other' }]);
  });
});

describe('lost acknowledgement', () => {
  it('of a question: asking again finds it, from the next daemon too', async () => {
    const { red } = world.ids;
    const settings = { key: 'k', attempt_id: red.attempt, options: [{ label: 'Yes' }] };
    const ask = (client: Client) =>
      valueOf<string>(client, `select (coffee.ask($1, 'Go on?', '', $2)).id`, [
        red.project,
        settings,
      ]);
    const first = await ask(await world.as('daemon'));
    await (await world.as('ben')).query(`select coffee.answer($1, '1')`, [first]);
    expect(await ask(await world.as('daemon'))).toBe(first);
    await endLease(red.item);
    const other = await otherDaemon();
    await claim(other);
    expect(await ask(other)).toBe(first);
    expect(
      await valueOf(other, 'select answer from coffee.notifications where id = $1', [first]),
    ).toBe('Yes');
  });

  it('of an end: the second try is told that the lease is gone, and nothing happened twice', async () => {
    const daemon = await world.as('daemon');
    const { item, fence } = world.ids.red;
    const finish = `select daemon.finish($1, $2, 'review', 'done', '{"branch": "b"}')`;
    await daemon.query(finish, [item, fence]);
    expect(await codeOf(daemon, finish, [item, fence])).toBe(LEASE_LOST);
    const told = await world.root(
      `select 1 from coffee.notifications where item_id = $1 and kind = 'completion'`,
      [item],
    );
    expect(told).toHaveLength(1);
  });
});

describe('client kill -9', () => {
  const PROGRAM = `
    const { Client } = require('pg');
    (async () => {
      const client = new Client({ connectionString: process.argv[1] });
      await client.connect();
      const id = '22222222-2222-4222-8222-222222222222';
      await client.query('select daemon.attach($1)', [id]);
      const { rows } = await client.query("select * from daemon.claim($1, '{rehearsal}', '10 min')", [id]);
      await client.query("begin");
      await client.query("select daemon.record_step($1, $2, 'note', 'never committed')", [rows[0].item_id, rows[0].fence]);
      console.log(rows[0].item_id);
    })();`;

  it('frees the item at once, and nothing half done is there', async () => {
    const anna = await world.as('anna');
    const { rows } = await anna.query<{ login: string; password: string }>(
      `select * from coffee.add_login('daemon', 'second', '{team}')`,
    );
    const url = world.database.urlFor(rows[0]!.login, rows[0]!.password);
    const child = spawn(process.execPath, ['-e', PROGRAM, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    const item = said.toString().trim();
    const daemon = await world.as('daemon');
    expect(await claim(daemon)).toBeUndefined(); // it lives, so its lease is left alone
    child.kill('SIGKILL');
    await once(child, 'exit');
    let next: Claim | undefined;
    while (next === undefined) next = await claim(daemon); // until the server has noticed
    expect(next).toMatchObject({ item_id: item, taken_over: true });
    const steps = await world.root('select 1 from coffee.attempt_steps where attempt_id = $1', [
      next.attempt_id,
    ]);
    expect(steps).toEqual([]);
  });
});
