import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newMachine, type Machine, type Ran } from './machine';

let machine: Machine;
beforeEach(() => {
  machine = newMachine();
});
afterEach(() => machine.remove());

/** One line of what happened, one of what to do, nothing on stdout. */
function expectRefusal(ran: Ran, code: number, what: RegExp, todo: RegExp): void {
  expect(ran).toMatchObject({ code, stdout: '' });
  const lines = ran.stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(what);
  expect(lines[1]).toMatch(todo);
}

it.each([
  ['nonsense', 2, /DATABASE_URL: this is not the URL/, /looks like postgres:/],
  ['postgres://a:b@127.0.0.1:1/x', 4, /DATABASE_URL: .*ECONNREFUSED/, /or unset DATABASE_URL/],
])('DATABASE_URL=%s', async (url, code, what, todo) => {
  expectRefusal(await machine.run(['up'], { DATABASE_URL: url }), code, what, todo);
  const admin = what.source.replace('DATABASE_URL', 'ADMIN_DATABASE_URL');
  const ran = await machine.run(['up'], { ADMIN_DATABASE_URL: url });
  expectRefusal(ran, code, new RegExp(admin), /postgres:|unset ADMIN_DATABASE_URL/);
});

it('names a configuration that is broken, and a home where nothing can be kept', async () => {
  const folder = path.join(machine.home, '.config/coffee-roadmap');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'config.json');
  writeFileSync(file, '{"database_url": ');
  expectRefusal(await machine.run(['up']), 1, /config\.json is not valid JSON/, /Mend it/);
  writeFileSync(file, '{"database_url": 5}');
  expectRefusal(await machine.run(['up']), 1, /has to be a string/, /Mend it/);
  const ran = await machine.run(['up'], { HOME: file });
  expectRefusal(ran, 3, /nothing can be kept in .*: not a directory$/, /writable/);
});

it('says why a daemon does not start, keeps the database up, and names the log', async () => {
  const up = machine.up([], { COFFEE_ROADMAP_LEASE_S: 'soon' });
  const ended = await up.event({ type: 'daemon', event: 'ended' });
  expect(ended.complaint).toEqual([
    'COFFEE_ROADMAP_LEASE_S must be 0.5 to 900, not "soon"',
    expect.stringMatching(/environment/),
  ]);
  expect(machine.read('.local/state/coffee-roadmap/daemon.log')).toContain('not "soon"');
  expect(await machine.json(['status'])).toMatchObject({ me: { name: 'ada' }, projects: [] });
});
