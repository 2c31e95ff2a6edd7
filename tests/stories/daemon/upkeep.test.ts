import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { helpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';

let stack: Stack;
beforeEach(async () => {
  stack = await createStack();
});
afterEach(() => stack.close());

it('a daemon packs its mirrors and keeps its log short, and works on', async () => {
  const repository = stack.repository('shop');
  const ada = await helpfulPerson(stack);
  const project = await ada.project(repository);
  await ada.add(project, 'Before');
  const daemon = await stack.daemon('worker', { tidy_s: '1', log_lines: '3' });
  await ada.help();

  const mirrors = path.join(daemon.home, '.local', 'state', 'coffee-roadmap', 'daemon', 'mirrors');
  const [name] = readdirSync(mirrors).filter((entry) => entry.endsWith('.git'));
  const mirror = path.join(mirrors, name!);
  await until('it is packed', () => /^packs: 1$/m.test(git(mirror, 'count-objects', '-v')));
  await stack.until('select count(*) <= 3 as ok from daemon.execution_log');
  expect(existsSync(path.join(mirror, 'gc.pid'))).toBe(false);

  await ada.add(project, 'After');
  await ada.help();
  expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
    'Priority 2: After',
    'Priority 1: Before',
    'Begin',
  ]);
});
