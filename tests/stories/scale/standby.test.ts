import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { migrate } from '@coffee-roadmap/db/migrate';
import type { Hint } from '@coffee-roadmap/shared/db/listener';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import type { EmbeddedPostgres } from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { findPostmaster } from '@coffee-roadmap/shared/postgres/postmaster';
import { TrialFolder } from '@coffee-roadmap/shared/postgres/testing/trial-folder';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { usage } from '../../../db/tests/reports';
import { buildDashboard } from '../../support/dashboard-program';
import { query } from '../../support/database';
import { commitOnStandby, startStandby } from '../../support/standby';
import { until } from '../../support/until';
import { createVisitor } from '../dashboard/visitor';

const WRITERS = 4;
const ENOUGH = 60;

const trial = new TrialFolder();
let primary: EmbeddedPostgres;
let standby: EmbeddedPostgres;
const open: Session[] = [];
const build = buildDashboard();

beforeAll(async () => {
  primary = await trial.start('primary', { durable: true });
  await migrate(primary.superuserUrl);
  standby = await startStandby(primary, trial.dataDir('standby'));
});
afterAll(async () => {
  await build.close();
  await Promise.all(open.map((session) => session.close().catch(() => undefined)));
  await trial.remove();
});

/** A person's session with the server that has this URL; the login is on both. */
async function personAt(server: EmbeddedPostgres, name: string): Promise<Session<'person'>> {
  const password = `${name}-secret`;
  const url = new URL(server.superuserUrl);
  url.username =
    server === primary
      ? await ensureLogin(primary.superuserUrl, { kind: 'person', name, password })
      : await loginOf(name);
  url.password = password;
  const session = await openSession(url.href, 'person');
  open.push(session);
  return session;
}

async function loginOf(name: string): Promise<string> {
  const sql = `select login from priv.principals where name = '${name}'`;
  return (await query<{ login: string }>(standby.superuserUrl, sql))[0]!.login;
}

const mine = (session: Session) =>
  session.db
    .selectFrom('coffee.usage_records')
    .select('message_id')
    .execute()
    .then((rows) => rows.map(({ message_id }) => message_id));

it('a dashboard beside the standby shows what a signed-in person may see, without a write', async () => {
  const secret = { name: 'dashboard', password: 'dashboard-secret' };
  const url = new URL(primary.superuserUrl);
  url.username = await ensureLogin(primary.superuserUrl, { kind: 'dashboard', ...secret });
  url.password = secret.password;
  const there = new URL(url);
  there.port = String(standby.port);
  const ada = await personAt(primary, 'ada');
  const { rows } = await sql<{ code: string }>`
    select code from coffee.new_dashboard_link()`.execute(ada.db);

  const [main, beside] = await Promise.all(
    [url, there].map(({ href }) => build.start({ database_url: href })),
  );
  const visitor = createVisitor(main!.address);
  expect((await visitor.post('/api/sign-in', { code: rows[0]!.code })).status).toBe(200);
  const [, token] = visitor.cookie!.split('=');
  const reader = createVisitor(beside!.address);
  reader.cookie = `coffee-roadmap-${new URL(beside!.address).port}=${token}`;
  await until('the sign-in has arrived', async () => (await reader.get('/api/now')).status === 200);
  for (const path of ['/api/me', '/api/roadmap', '/api/analytics', '/api/totals']) {
    const [here, copy] = await Promise.all([visitor.get(path), reader.get(path)]);
    expect([path, copy.status]).toEqual([path, here.status]);
  }
  expect((await reader.get('/api/me')).body).toMatchObject({ signed_in: true, name: 'ada' });
  expect((await createVisitor(beside!.address).get('/api/now')).status).toBe(401);
});

it('nothing that was acknowledged is lost when the primary dies and the standby takes over', async () => {
  const ada = await personAt(primary, 'ada');
  await personAt(primary, 'bob');
  await commitOnStandby(primary.superuserUrl, 'remote_apply');
  await until('the standby is synchronous', async () => {
    const found = await query(
      primary.superuserUrl,
      `select from pg_stat_replication where sync_state = 'sync' and state = 'streaming'`,
    );
    return found.length === 1;
  });

  // Each writes one call after another and notes those that the database said it has.
  const acknowledged: UsageRecord[] = [];
  const machines = Array.from({ length: WRITERS }, () => randomUUID());
  const dead = Promise.all(
    machines.map(async (machineId, writer) => {
      for (let n = 0; ; n += 1) {
        const record = usage({ message_id: `msg_${writer}_${n}` }, machineId);
        await importBatch({ session: ada }, { machineId, road: 'direct', records: [record] });
        acknowledged.push(record);
      }
    }),
  ).catch(() => undefined);
  await until('enough was written', () => acknowledged.length >= ENOUGH);

  // With remote_apply whoever has the acknowledgement finds the row there, as that person alone.
  const reader = await personAt(standby, 'ada');
  const before = acknowledged.map(({ message_id }) => message_id);
  expect(await mine(reader)).toEqual(expect.arrayContaining(before));
  expect(await mine(await personAt(standby, 'bob'))).toEqual([]);
  const late = { machineId: machines[0]!, road: 'direct', records: [usage({}, machines[0])] };
  await expect(importBatch({ session: reader }, late)).rejects.toThrow(/read-only/);
  const heard: Hint[] = [];
  const listening = { channels: ['coffee_roadmap' as const], pollMs: 50 };
  const onHint = (hint: Hint): void => void heard.push(hint);
  const listener = await reader.listen({ ...listening, onHint });
  await until('it polls where nobody can listen', () => heard.length >= 3);

  const { pid } = findPostmaster(primary.dataDir)!;
  process.kill(pid, 'SIGKILL');
  await dead;
  await query(standby.superuserUrl, 'select pg_promote(true, 60)');

  await until('it hears again once that is possible', async () => {
    await query(standby.superuserUrl, `select pg_notify('coffee_roadmap', '7')`);
    return heard.some((hint) => hint.channel === 'coffee_roadmap' && hint.id === 7);
  });
  await listener.close();

  const kept = await mine(reader);
  expect(acknowledged.length).toBeGreaterThanOrEqual(ENOUGH);
  expect(kept).toEqual(expect.arrayContaining(acknowledged.map(({ message_id }) => message_id)));
  expect(new Set(kept).size).toBe(kept.length);

  // Whoever is unsure hands everything in again, and the sums still fit.
  for (const machineId of machines) {
    const records = acknowledged.filter(({ id }) => id.startsWith(machineId));
    const again = await importBatch({ session: reader }, { machineId, road: 'direct', records });
    expect(again).toMatchObject({ inserted: 0, duplicate: records.length });
  }
  const sums = `select (select sum(calls)::int from coffee.usage_buckets) as kept,
    (select count(*)::int from coffee.usage_records) as records`;
  expect(await query(standby.superuserUrl, sums)).toEqual([
    { kept: kept.length, records: kept.length },
  ]);
});
