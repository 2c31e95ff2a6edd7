import { isAlive } from '@coffee-roadmap/shared/postgres/processes';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../support/until';
import { newMachine, type Machine } from './machine';

jest.setTimeout(120_000); // clusters are made, and other tests run beside

interface Listed {
  items: { number: string; state: string; accepted_at: string | null }[];
}

let machine: Machine;
beforeAll(() => {
  machine = newMachine();
});
afterAll(() => machine.remove());

const statesOf = async (): Promise<string[]> =>
  (await machine.json<Listed>(['roadmap', 'list'])).items.map((item) => item.state);

/** As a person would: looks, accepts what is up for review, looks again. */
async function acceptAll(): Promise<void> {
  await until(
    'three priorities done',
    async () => {
      const { items } = await machine.json<Listed>(['roadmap', 'list', '--all']);
      for (const { number, state, accepted_at } of items) {
        if (state !== 'in_review' || accepted_at !== null) continue;
        await machine.json(['roadmap', 'accept', number]);
      }
      return items.length === 3 && items.every((item) => item.state === 'done');
    },
    60_000,
  );
}

it('brings all up, and a person answers and accepts until everything is done', async () => {
  const up = machine.up(['--demo']);
  const greeting = await up.event({ type: 'up' });
  expect(greeting).toMatchObject({ person: 'ada', projects: ['sample'] });
  expect(greeting.database).toMatchObject({ embedded: true, host: '127.0.0.1' });
  await up.event({ type: 'daemon', event: 'ready' });

  const question = await up.event({ type: 'notification', kind: 'question', state: 'pending' });
  const answered = await machine.json(['respond', String(question.id), 'Apache-2.0']);
  expect(answered).toMatchObject({ answer: 'Apache-2.0', answered_by: 'ada' });
  await up.event({ type: 'notification', id: question.id, state: 'answered' });
  await acceptAll();
  await up.event({ type: 'change', change: 'merge', number: '3' });

  const repository = path.join(machine.home, '.local/share/coffee-roadmap/sample');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
  expect(git('log', '--format=%s', '--merges', 'main').trim().split('\n').sort()).toEqual([
    'Merge priority 1: Say hello in the README',
    'Merge priority 2: Choose a licence',
    'Merge priority 3: Add a changelog',
  ]);
  expect(git('show', 'main:docs/choose-a-licence.md')).toContain('Apache-2.0');

  const second = await machine.run(['up']);
  expect(second).toMatchObject({ code: 0, stderr: '' });
  expect(second.stdout).toContain(`up already, in process ${up.pid}`);

  const server = await machine.serverPid();
  up.kill('SIGINT');
  up.kill('SIGINT'); // from the terminal, and from npm
  expect(await up.ended).toBe(0);
  expect(up.stderr()).toMatch(/stopping …\nStopped\. npm start goes on where it was\.\n$/);
  expect([server!, Number(greeting.daemon_pid)].map(isAlive)).toEqual([false, false]);
});

it('goes on where it was, and keeps all to its person', async () => {
  const up = machine.up(['--no-daemon']);
  expect(await up.event({ type: 'up' })).toMatchObject({ daemon_pid: null, projects: ['sample'] });
  expect(await statesOf()).toEqual(['done', 'done', 'done']);
  for (const folder of ['.config', '.local/share', '.local/state']) {
    expect(statSync(path.join(machine.home, folder, 'coffee-roadmap')).mode & 0o777).toBe(0o700);
  }
  for (const file of [
    '.config/coffee-roadmap/config.json',
    '.local/state/coffee-roadmap/up.json',
  ]) {
    expect(statSync(path.join(machine.home, file)).mode & 0o777).toBe(0o600);
  }
  up.kill('SIGTERM');
  expect(await up.ended).toBe(0);
  expect(await machine.run(['status'])).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringContaining('npm start brings it up'),
  });
});
