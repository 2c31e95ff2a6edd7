import { openComposeStack } from './compose-stack';

const stack = openComposeStack();

/** In a container of its own, with the limits that all of them have. */
const inContainer = (entrypoint: string, ...args: string[]): Promise<string> =>
  stack.compose('run', '--rm', '-T', '--no-deps', '--entrypoint', entrypoint, 'cli', ...args);

test('nobody starts more processes than the limit', async () => {
  const fork = 'for i in $(seq 500); do sleep 30 & done; echo all of them';
  await expect(inContainer('sh', '-c', fork)).rejects.toThrow(/[Cc]annot fork/);
});

test('who takes more memory than the limit is ended, and nobody else', async () => {
  const take = 'const all = []; for (;;) all.push(Buffer.alloc(50e6, 1));';
  await expect(inContainer('node', '-e', take)).rejects.toMatchObject({ code: 137 });
  expect(await inContainer('node', '-p', '1 + 1')).toBe('2');
});

test('nothing is written but where it is meant to be', async () => {
  const write =
    'for f in / /app /etc /usr /home/node; do touch $f/x && echo wrote $f; done; touch /tmp/x';
  expect(await inContainer('sh', '-c', write)).toBe('');
});

test('a program that dies is started again', async () => {
  const id = await stack.container('slackbot');
  const look = '{{.RestartCount}} {{.State.Health.Status}}';
  const state = async () => (await stack.docker('inspect', '-f', look, id)).split(' ');
  const [count] = await state();
  await stack.exec('slackbot', 'kill -9 $(cat /proc/1/task/1/children)').catch(() => undefined);
  await stack.until('it is there again', async () => {
    const [restarts, health] = await state();
    return Number(restarts) > Number(count) && health === 'healthy';
  });
});

test('of what a container says, the last part is kept and no more than three files', async () => {
  const name = `${stack.project}-talker`;
  const talk = 'yes 0123456789012345678901234567890123456789 | head -c 45000000';
  await stack.compose(
    ...['run', '-d', '--no-deps', '--name', name, '--entrypoint', 'sh', 'cli', '-c', talk],
  );
  expect(await stack.docker('wait', name)).toBe('0');
  const kept = (await stack.docker('logs', name)).length;
  await stack.docker('rm', name);
  expect(kept).toBeGreaterThan(9e6);
  expect(kept).toBeLessThan(32e6);
});
