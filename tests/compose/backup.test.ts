import { openComposeStack } from './compose-stack';
import { documented, runDocumented } from './documented';
import { makeRepository } from './make-repository';

const stack = openComposeStack();
const [save = '', restore = ''] = documented(stack, 'Backup');

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

  runDocumented(stack, 'backup', save);
  // Its last line is what tells a backup from half of one.
  const cut = 'head -c 1000000 ../backup/database.tar.gz > database.tar.gz\n';
  const check = save.trimEnd().split('\n').at(-1)!;
  expect(() => runDocumented(stack, 'cut', cut + check)).toThrow(/unexpected end of file/);
  await stack.compose('down', '--volumes', '--timeout', '20');
  runDocumented(stack, 'backup', restore);
  expect(await stack.cli('roadmap', 'list', '--project', 'kept')).toEqual(before);
  expect(stack.host('status').stdout).toMatch(/daemon/);
  expect(await stack.exec('daemon', `git --git-dir ${repository} log --format=%s main`)).toBe(
    'Begin',
  );
});
