import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openComposeStack } from './compose-stack';
import { makeRepository } from './make-repository';

const stack = openComposeStack();

/** The page's own commands: the shell blocks under Backup. */
const [save = '', restore = ''] = [
  ...readFileSync(path.join(stack.folder, 'docs/compose.md'), 'utf8')
    .split('## Backup')[1]!
    .matchAll(/```sh\n([\s\S]*?)```/g),
].map((match) => match[1]!);

test('down and up again, then a backup into an empty stack: all there, with the same logins', async () => {
  const repository = await makeRepository(stack, 'kept', { 'README.md': '# Kept\n' });
  await stack.cli('projects', 'add', 'kept', repository, '--agent', 'rehearsal');
  await stack.cli('roadmap', 'add', 'Keep this', '--project', 'kept');
  const { url } = await stack.cli<{ url: string }>('people', 'add', 'Keeper');
  expect(stack.host('login', url)).toMatchObject({ status: 0 });
  await stack.untilState('Keep this', 'in_review');
  const before = await stack.cli('roadmap', 'list', '--project', 'kept');

  await stack.compose('down', '--timeout', '20');
  await stack.compose('up', '--wait');
  expect(await stack.cli('roadmap', 'list', '--project', 'kept')).toEqual(before);

  const backup = path.join(stack.folder, 'backup');
  mkdirSync(backup);
  const sh = (script: string) =>
    execFileSync('bash', ['-ec', script], { cwd: backup, env: stack.env as NodeJS.ProcessEnv });
  sh(save);
  await stack.compose('down', '--volumes', '--timeout', '20');
  sh(restore);
  expect(await stack.cli('roadmap', 'list', '--project', 'kept')).toEqual(before);
  expect(stack.host('status').stdout).toMatch(/daemon/);
  expect(await stack.exec('daemon', `git --git-dir ${repository} log --format=%s main`)).toBe(
    'Begin',
  );
});
