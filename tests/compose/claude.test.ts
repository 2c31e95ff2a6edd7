import net, { type AddressInfo } from 'node:net';
import { callTool, claudeTitle, describeClaude, sayText, toolResults } from '../agents/claude-runs';
import { startMessagesApi, type MessagesApi } from '../support/messages-api';
import { openComposeStack } from './compose-stack';
import { makeRepository } from './make-repository';

describeClaude(claudeTitle('the real Claude Code program, in the agent’s container'), () => {
  const plain = openComposeStack();
  let api: MessagesApi;
  let door: net.Server;

  /** In the clone that the daemon made for the attempt. */
  async function licence(): Promise<string> {
    const workspace = await plain.sql(
      `select daemon_id || '/workspaces/attempt-' || id from coffee.attempts order by id desc limit 1`,
    );
    return `/work/${workspace}/LICENCE`;
  }

  beforeAll(async () => {
    api = await startMessagesApi(async (request) =>
      toolResults(request).some((text) => text.includes('File created'))
        ? sayText('It is MIT.')
        : callTool('Write', { file_path: await licence(), content: 'MIT\n' }),
    );
    // The loopback API, where the proxy's container finds it: on the host's own bridge.
    const { port } = new URL(api.url);
    door = net.createServer((near) => {
      const far = net.connect(Number(port), '127.0.0.1');
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => door.listen(0, '0.0.0.0', resolve));
  });
  afterAll(async () => {
    door.close();
    await api.close();
    await plain.compose('up', '--wait');
  });

  test('reaches its model through the proxy, and nothing else; its work is committed', async () => {
    const host = `${await plain.gateway('outside')}:${(door.address() as AddressInfo).port}`;
    const stack = openComposeStack({
      ANTHROPIC_API_KEY: 'not-a-real-key',
      ANTHROPIC_BASE_URL: `http://${host}`,
      COFFEE_ROADMAP_EGRESS_ALLOW: host,
    });
    await stack.compose('up', '--wait');
    const repository = await makeRepository(stack, 'model', { 'README.md': '# Model\n' });
    await stack.cli('projects', 'add', 'model', repository, '--agent', 'claude');
    await stack.cli('roadmap', 'add', 'Write a licence', '--project', 'model');
    await stack.untilState('Write a licence', 'in_review');
    const show = `git --git-dir ${repository} show roadmap/1-write-a-licence:LICENCE`;
    expect(await stack.exec('daemon', show)).toBe('MIT');
    expect(api.requests.length).toBeGreaterThanOrEqual(2);
    expect(api.requests[0]!.headers['x-api-key']).toBe('not-a-real-key');
  });
});
