import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { query } from '../../../../tests/support/database';
import { findPostmaster } from './postmaster';
import { isAlive } from './processes';
import { TrialFolder } from './testing/trial-folder';

const trial = new TrialFolder();
afterAll(() => trial.remove());

/** Every process of the server, itself first; needs /proc. */
function processesOf(postmaster: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === postmaster;
    } catch {
      return false; // ended meanwhile
    }
  });
  return [postmaster, ...children.map(Number)];
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('kill -9 of everything after a commit: the next start has the row', async () => {
  const server = await trial.start('killed', { durable: true });
  const client = new Client({ connectionString: server.superuserUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table kept (id int primary key, word text)');
  await client.query("insert into kept values (1, 'committed')");
  await client.query('begin');
  await client.query("insert into kept values (2, 'not committed')");

  const gone = new Promise((resolve) => client.once('end', resolve));
  const { pid } = findPostmaster(server.dataDir)!;
  const all = processesOf(pid);
  expect(all.length).toBeGreaterThan(5);
  for (const process_ of all) process.kill(process_, 'SIGKILL');
  await gone;

  const again = await trial.start('killed', { durable: true });
  expect(again.reused).toBe(false);
  expect(all.some((process_) => isAlive(process_))).toBe(false);
  expect(await query(again.superuserUrl, 'select * from kept')).toEqual([
    { id: 1, word: 'committed' },
  ]);
});

onLinux('kill -9 of the postmaster alone: the next start waits for its servers', async () => {
  const server = await trial.start('orphaned', { durable: true });
  await query(server.superuserUrl, 'create table kept as select 42 as answer');
  const busy = query(server.superuserUrl, 'select pg_sleep(600)').then(
    () => 'answered',
    () => 'broken off',
  );
  const asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
  while ((await query(server.superuserUrl, asleep)).length === 0);
  const { pid } = findPostmaster(server.dataDir)!;
  process.kill(pid, 'SIGKILL');
  const again = await trial.start('orphaned', { durable: true });
  expect(again.reused).toBe(false);
  expect(await query(again.superuserUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
  expect(await busy).toBe('broken off');
});

onLinux('kill -9 of one of its processes: the next start waits for the recovery', async () => {
  const server = await trial.start('hurt', { durable: true });
  await query(server.superuserUrl, 'create table kept as select 42 as answer');
  const { pid } = findPostmaster(server.dataDir)!;
  const witness = new Client({ connectionString: server.superuserUrl });
  witness.on('error', () => undefined);
  await witness.connect();
  const { rows } = await witness.query<{ pid: number }>(
    `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  const recovering = new Promise((resolve) => witness.once('end', resolve));
  process.kill(rows[0]!.pid, 'SIGKILL');
  await recovering;
  const again = await trial.start('hurt', { durable: true });
  expect(await query(again.superuserUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
  expect([again.reused, findPostmaster(server.dataDir)!.pid]).toEqual([true, pid]);
});
