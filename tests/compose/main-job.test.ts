import { startUp } from '../stories/up/up-process';
import { openComposeStack } from './compose-stack';
import { makeRepository } from './make-repository';

const stack = openComposeStack();

test('a machine without a login there begins no second database beside the stack', () => {
  const { status, stderr } = stack.host('up', '--no-daemon', '--empty');
  expect(stderr).toMatch(/the Compose stack is up here, and you have no login there/);
  expect(status).toBe(1);
});

test('asked in the container, answered on the host, accepted, merged into the remote', async () => {
  const { url } = await stack.cli<{ url: string }>('people', 'add', 'Ada');
  expect(url).toContain(`@127.0.0.1:${stack.port}/`);
  expect(stack.host('login', url)).toMatchObject({ status: 0 });
  expect(stack.host('status').stdout).toMatch(/daemon/);

  const shop = await makeRepository(stack, 'shop', { 'CHANGELOG.md': '# Changes\n' });
  await stack.cli('projects', 'add', 'shop', shop, '--agent', 'rehearsal');
  const order = ['--body', 'Ask: Which licence? MIT / Apache-2.0', '--project', 'shop'];
  await stack.cli('roadmap', 'add', 'Choose a licence', ...order);
  const id = await stack.question();
  expect(stack.host('respond', String(id), 'MIT')).toMatchObject({ status: 0 });
  await stack.untilState('Choose a licence', 'in_review');
  expect(stack.host('roadmap', 'accept', '1', '--project', 'shop')).toMatchObject({ status: 0 });
  await stack.untilState('Choose a licence', 'done');
  const show = `git --git-dir ${shop} show main:docs/choose-a-licence.md`;
  expect(await stack.exec('daemon', show)).toContain('Decided: Which licence? MIT');

  // What npm start runs.
  const { program, folder } = stack;
  const up = startUp([program, 'up', '--json', '--empty'], stack.hostEnv(), folder);
  expect(await up.event({ type: 'up' })).toMatchObject({
    person: 'Ada',
    database: { host: '127.0.0.1', port: stack.port, embedded: false },
    daemon_pid: null,
    projects: expect.arrayContaining(['shop']),
  });
  up.kill('SIGINT');
  expect(await up.ended).toBe(0);
});
