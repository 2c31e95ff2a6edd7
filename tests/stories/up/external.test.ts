import { randomBytes } from 'node:crypto';
import { query } from '../../support/database';
import { databaseUrl } from '../../support/template';
import { newMachine, type Machine } from './machine';

const cluster = process.env.COFFEE_TEST_CLUSTER_URL!;
const name = `t_${process.env.COFFEE_TEST_RUN}_${randomBytes(4).toString('hex')}`;
const adminUrl = databaseUrl(cluster, name);

let ada: Machine;
let ben: Machine;
beforeAll(async () => {
  await query(cluster, `create database ${name}`);
  [ada, ben] = [newMachine(), newMachine()];
});
afterAll(async () => {
  await Promise.all([ada.remove(), ben.remove()]);
  await query(cluster, `drop database if exists ${name} with (force)`);
});

const config = (machine: Machine): Record<string, unknown> =>
  JSON.parse(machine.read('.config/coffee-roadmap/config.json')) as Record<string, unknown>;

it('says what is missing in a database that is not ready, and makes it ready', async () => {
  const refused = await ada.run(['up'], { DATABASE_URL: adminUrl });
  expect(refused).toMatchObject({ code: 5, stdout: '' });
  expect(refused.stderr).toMatch(/^error: DATABASE_URL: .*\nhint: .*ADMIN_DATABASE_URL/);

  const up = ada.up([], { ADMIN_DATABASE_URL: adminUrl });
  expect(await up.event({ type: 'up' })).toMatchObject({
    person: 'ada',
    database: { embedded: false, name },
    daemon_pid: expect.any(Number),
  });
  await up.event({ type: 'daemon', event: 'ready' });
  up.kill('SIGINT');
  expect(await up.ended).toBe(0);
  expect(config(ada)).not.toHaveProperty('embedded');
  expect(await ada.json(['status'])).toMatchObject({ me: { name: 'ada', admin: true } });
  expect(await ada.serverPid()).toBeUndefined();
});

it('needs the superuser once: from then on the daemon has its login', async () => {
  const up = ada.up();
  await up.event({ type: 'daemon', event: 'ready' });
  await up.end();
});

it('gives nobody else’s machine a way in by itself', async () => {
  const refused = await ben.run(['up'], { ADMIN_DATABASE_URL: adminUrl });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/no login there\nhint: .*people add NAME/);

  const added = await ada.json<{ url: string }>(['people', 'add', 'ben']);
  const up = ben.up([], { DATABASE_URL: added.url });
  expect(await up.event({ type: 'up' })).toMatchObject({ person: 'ben', daemon_pid: null });
  await up.end();
});
