import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { MONTH } from './seed-billing';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let mona: Client;
let team: string;

const PUBLISH = 'select * from coffee.publish($1, $2, $3, $4, $5)';

beforeAll(async () => {
  world = await createWorld();
  [ben, mona] = [await world.as('ben'), await world.as('mona')];
  const { project } = world.ids.red;
  ({ team } = world.ids.red);
  const hours = (n: number): string =>
    JSON.stringify([
      { project, kind: 'time', measured_seconds: n * 3600, billed_seconds: n * 3600 },
    ]);
  await ben.query(PUBLISH, [team, MONTH, hours(4), 'hand', 'a laptop was offline']);
  await mona.query(PUBLISH, [team, MONTH, hours(9), 'hand', null]);
});
afterAll(() => world.close());

it('tells the auditor of all that is missing or damaged, and each person of their own', async () => {
  const check = `select person, first_day::text, problem from coffee.check_publications('2025-12-01', '2026-03-01')`;
  await world.root(`update coffee.memberships set created_at = '2026-01-15' where team_id = $1`, [
    team,
  ]);
  const auditor = await world.as('auditor');
  const february = (person: string) => ({ person, first_day: '2026-02-01', problem: 'missing' });
  const anna = { person: 'anna', first_day: MONTH, problem: 'missing' };
  const missing = [anna, february('anna'), february('ben'), february('mona')];
  expect((await auditor.query(check)).rows).toEqual(missing);
  expect((await mona.query(check)).rows).toEqual(missing);
  expect((await ben.query(check)).rows).toEqual([february('ben')]);
  expect((await (await world.as('carla')).query(check)).rows).toEqual([]);
  await ben.query(PUBLISH, [team, '2026-02-01', '[]', 'hand', null]);
  expect((await ben.query(check)).rows).toEqual([]); // an explicit zero is a publication
  await world.root(`set session_replication_role = replica;
    update coffee.published_lines set billed_seconds = 20000 where person_id = '${world.ids.red.person}'
      and first_day = '${MONTH}' and version = 2`);
  expect((await ben.query(check)).rows).toEqual([
    { person: 'ben', first_day: MONTH, problem: 'checksum' },
  ]);
  await world.root(`set session_replication_role = replica;
    update coffee.published_lines set billed_seconds = 14400 where person_id = '${world.ids.red.person}'
      and first_day = '${MONTH}' and version = 2;
    delete from coffee.published_lines where person_id = '${world.ids.red.person}' and first_day = '${MONTH}' and version = 1;
    delete from coffee.published_summaries where person_id = '${world.ids.red.person}' and first_day = '${MONTH}' and version = 1`);
  expect((await ben.query(check)).rows).toEqual([
    { person: 'ben', first_day: MONTH, problem: 'chain' },
  ]);

  const raise = `select coffee.raise_missed_publications('2025-12-01', '2026-03-01')`;
  expect(await valueOf(ben, raise)).toBe(0);
  expect(await valueOf(auditor, raise)).toBe(2);
  expect(await valueOf(auditor, raise)).toBe(0);
  const { rows } = await ben.query(
    `select priority, message from coffee.notifications where key_scope = 'publications' order by id`,
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ priority: 'critical' });
  expect(JSON.stringify(rows)).not.toMatch(/anna|ben|mona/);
});

it('says how publishing goes, of whom one may see', async () => {
  await ben.query(`select coffee.log_publication($1, 'git_hook', 'not_reachable', 0, 0)`, [team]);
  await mona.query(`select coffee.log_publication($1, 'git_hook', null, 3, 1)`, [team]);
  const health = `select layer, runs::int, failed_runs::int, success_rate::float, uptime::float
    from analytics.health where layer <> 'hand' order by layer`;
  expect((await mona.query(health)).rows).toEqual([
    { layer: 'git_hook', runs: 2, failed_runs: 1, success_rate: 0.5, uptime: null },
    { layer: 'service', runs: 1, failed_runs: 0, success_rate: 1, uptime: 1 },
  ]);
  const late = `select delay_hours::float from analytics.health where layer = 'hand'`;
  const lastMonth = `(date_trunc('month', now()) - interval '1 month')::date::text`;
  await ben.query(PUBLISH, [team, await valueOf(ben, `select ${lastMonth}`), '[]', 'hand', null]);
  await ben.query(`select coffee.log_publication($1, 'hand', null, 1, 1)`, [team]);
  const since = Number(await valueOf(mona, late));
  await world.root(`update coffee.memberships set created_at = now() where team_id = $1`, [team]);
  const sinceTheyCame = Number(await valueOf(mona, late));
  expect(sinceTheyCame).toBeLessThan(since);
  expect(sinceTheyCame).toBeLessThan(0.1);
  expect((await ben.query(health)).rows[0]).toMatchObject({
    layer: 'git_hook',
    runs: 1,
    failed_runs: 1,
  });
  expect((await (await world.as('carla')).query(health)).rows).toEqual([
    expect.objectContaining({ layer: 'service', runs: 1 }),
  ]);
});

it('tells the team once a day of a layer that runs by itself and failed, by the error’s code alone', async () => {
  const told = async (): Promise<{ title: string; message: string }[]> =>
    (
      await mona.query<{ title: string; message: string }>(
        `select title, message, priority, kind from coffee.notifications
         where key_scope = 'publishing' order by id`,
      )
    ).rows;
  const run = (layer: string, code: string | null): Promise<unknown> =>
    ben.query('select coffee.log_publication($1, $2, $3, 0, 0)', [team, layer, code]);
  const before = await told();
  await run('hand', 'conflict');
  await run('service', null);
  expect(await told()).toEqual(before);
  for (let again = 0; again < 2; again++) await run('service', 'conflict');
  const [news, ...more] = (await told()).slice(before.length);
  expect(news).toEqual({
    ...{ title: 'Publishing by service failed', priority: 'high', kind: 'error' },
    message: expect.stringContaining('The error is conflict.') as string,
  });
  expect(more).toEqual([]);
});

it('logs a check of an auditor or a manager as the layer ci, and tells a team once a day of what is below its aim', async () => {
  const log = `select coffee.log_check('2025-12-01', '2026-03-01')`;
  const logged = `select t.id = '${team}' as red, p.ok, p.code, p.periods from coffee.publications p
    join coffee.teams t on t.id = p.team_id where p.layer = 'ci' order by p.id`;
  for (const who of ['ben', 'agent', 'daemon', 'collector', 'slackbot', 'nobody'] as const)
    expect([who, await codeOf(await world.as(who), log)]).toEqual([who, NOT_ALLOWED]);
  expect(await world.root(logged)).toEqual([]);

  await world.root(`update coffee.memberships set created_at = '2026-01-15' where team_id = $1`, [
    team,
  ]);
  const told = `select title, message, priority from coffee.notifications where key_scope = 'publishing aims'`;
  expect(await valueOf(mona, log)).toBe(1);
  expect(await valueOf(mona, log)).toBe(0);
  // Of ben a version is gone; anna and mona published no February, and anna no January.
  const damaged = { red: true, ok: false, code: 'damaged', periods: 4 };
  expect(await world.root(logged)).toEqual([damaged, damaged]);
  const { rows } = await ben.query<{ message: string }>(told);
  expect(rows).toMatchObject([{ title: 'Publishing is below its aim', priority: 'normal' }]);
  expect(rows[0]!.message).toMatch(/^git hook: 50\.00 % .*\nservice: \d+\.\d\d % .*, there /);
  expect(rows[0]!.message).not.toMatch(/anna|ben|mona|hand:|ci:/);

  const auditor = await world.as('auditor');
  await auditor.query('select coffee.log_check(current_date, current_date)');
  const fine = { ok: true, code: null, periods: 0 };
  expect(await world.root(logged)).toEqual([
    ...[damaged, damaged],
    expect.objectContaining(fine),
    expect.objectContaining(fine),
  ]);
  expect((await mona.query(told)).rows).toHaveLength(1);
  const health = `select runs::int, failed_runs::int, below_aim from analytics.health where layer = 'ci'`;
  expect((await mona.query(health)).rows).toEqual([{ runs: 3, failed_runs: 2, below_aim: true }]);
  expect((await ben.query(health)).rows).toEqual([]); // a manager's and the auditor's, not his
});

it('holds a layer to one failure in ten thousand runs, and the service to 99.5 % of the time', async () => {
  const below = async (layer: string, of: string): Promise<boolean[]> => {
    const asked = `select below_aim from analytics.health where layer = $1 and team_id = $2`;
    const rows = await world.root<{ below_aim: boolean }>(asked, [layer, of]);
    return rows.map((row) => row.below_aim);
  };
  const runs = (ok: boolean, n: number): Promise<unknown> =>
    world.root(
      `insert into coffee.publications (person_id, team_id, layer, ok, code, periods, changed)
       select $1, $2, 'git_hook', $3, case when not $3 then 'failed' end, 0, 0 from generate_series(1, $4)`,
      [world.ids.red.person, team, ok, n],
    );
  await runs(true, 9_998); // besides the two of before, one of which failed
  expect(await below('git_hook', team)).toEqual([false]);
  await runs(false, 1);
  expect(await below('git_hook', team)).toEqual([true]);

  const { team: blue, person } = world.ids.blue;
  const beats = (from: number, to: number): Promise<unknown> =>
    world.root(
      `insert into coffee.publisher_beats
       select $1, $2, priv.quarter_hour(now()) - n * interval '15 minutes' from generate_series($3::int, $4) n
       on conflict do nothing`,
      [person, blue, from, to],
    );
  await beats(0, 799);
  expect(await below('service', blue)).toEqual([false]);
  await beats(806, 806); // six quarter hours before the others, one of eight hundred is not much
  expect(await below('service', blue)).toEqual([true]);
});
