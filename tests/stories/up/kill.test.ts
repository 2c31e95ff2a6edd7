import { isAlive } from '@coffee-roadmap/shared/postgres/processes';
import { until } from '../../support/until';
import { newMachine, type Machine } from './machine';

jest.setTimeout(120_000); // clusters are made, and other tests run beside

let machine: Machine;
beforeAll(() => {
  machine = newMachine();
});
afterAll(() => machine.remove());

const QUESTION = { type: 'notification', kind: 'question' };

it('loses nothing when everything is killed, and ends what a killed start left', async () => {
  const first = machine.up(['--demo']);
  const { daemon_pid: daemon } = await first.event({ type: 'up' });
  const asked = await first.event({ ...QUESTION, state: 'pending' });
  const server = (await machine.serverPid())!;

  first.kill('SIGKILL');
  await until('the daemon ends with its start', () => !isAlive(Number(daemon)));
  expect(isAlive(server)).toBe(true);

  const second = machine.up();
  const again = await second.event({ type: 'up' });
  expect(await machine.serverPid()).toBe(server);
  await second.event({ type: 'daemon', event: 'ready' });
  for (const pid of [second.pid, Number(again.daemon_pid), server]) process.kill(pid, 'SIGKILL');
  await second.ended;
  await until('the server is gone', () => !isAlive(server));

  const third = machine.up();
  await third.event({ type: 'up' });
  expect((await third.event({ ...QUESTION, state: 'pending' })).id).toBe(asked.id);
  await machine.json(['respond', String(asked.id), 'MIT']);
  await third.event({ type: 'change', change: 'review', number: '2' }, 60_000);
  const { notifications } = await machine.json<{ notifications: { kind: string }[] }>([
    'notifications',
    'list',
    '--all',
  ]);
  expect(notifications.filter(({ kind }) => kind === 'question')).toHaveLength(1);

  const last = (await machine.serverPid())!;
  third.kill('SIGHUP');
  expect(await third.ended).toBe(0);
  expect(isAlive(last)).toBe(false);
});

it('ends a server that it did not start itself, when a killed start had', async () => {
  const first = machine.up(['--no-daemon']);
  await first.event({ type: 'up' });
  const server = (await machine.serverPid())!;
  first.kill('SIGKILL');
  await first.ended;
  const second = machine.up(['--no-daemon']);
  await second.event({ type: 'up' });
  expect(await machine.serverPid()).toBe(server);
  second.kill('SIGINT');
  expect(await second.ended).toBe(0);
  expect(isAlive(server)).toBe(false);
});
