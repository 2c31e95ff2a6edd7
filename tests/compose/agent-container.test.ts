import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openComposeStack, type ComposeStack } from './compose-stack';
import { makeRepository } from './make-repository';

const stack = openComposeStack();
let onTheHost: Server;
let found: Record<string, unknown>;

/** A project whose agent is the probe, and what the probe brought back in its commit. */
beforeAll(async () => {
  onTheHost = createServer((_, response) => response.end('the host'));
  await new Promise<void>((resolve) => onTheHost.listen(0, '0.0.0.0', resolve));
  const { port } = onTheHost.address() as AddressInfo;
  const repository = await makeRepository(stack, 'probe', {
    'probe.mjs': readFileSync(path.join(__dirname, 'probe.mjs'), 'utf8'),
    'targets.json': JSON.stringify(await targets(stack, port)),
  });
  const command = ['--agent', 'command', '--agent-command', '/usr/local/bin/node probe.mjs'];
  await stack.cli('projects', 'add', 'probe', repository, ...command);
  await stack.cli('roadmap', 'add', 'Probe', '--project', 'probe');
  await stack.untilState('Probe', 'in_review');
  const show = `git --git-dir ${repository} show roadmap/1-probe:found.json`;
  found = JSON.parse(await stack.exec('daemon', show)) as Record<string, unknown>;
});
afterAll(() => onTheHost.close());

const resultsOf = (kinds: RegExp) => Object.entries(found).filter(([name]) => kinds.test(name));
const gotten = (kinds: RegExp) =>
  resultsOf(kinds).flatMap(([name, result]) => (String(result).startsWith('got') ? [name] : []));

describe('from inside the agent’s container', () => {
  test('neither directly nor through the proxy is anything reached that is not on the list', () => {
    expect(resultsOf(/^(connect|tunnel|page) /).length).toBeGreaterThan(30);
    expect(gotten(/^(connect|tunnel|page) /)).toEqual([]);
    expect(found.interfaces).toEqual(['lo']);
  });

  test('the proxy itself says no; it was not that nobody answered', () => {
    const tunnels = resultsOf(/^tunnel /).map(([, result]) => result);
    expect(new Set(tunnels)).toEqual(new Set(['403']));
    expect(new Set(resultsOf(/^page /).map(([, result]) => result))).toEqual(new Set(['403']));
  });

  test('no file and no folder of another service can be read, none of its own system written', () => {
    // Its own container's first process: one trust with it, and without a secret.
    expect(gotten(/^(read|list|write) /)).toEqual(['read /proc/1/environ']);
    expect(String(found['read /proc/1/environ'])).not.toMatch(/postgres:|_KEY|TOKEN|PASSWORD/);
  });

  test('no process but those of its own container can be seen', () => {
    const processes = (found.processes as string[]).join('\n');
    expect(processes).toContain('probe.mjs');
    expect(processes).not.toMatch(/postgres|daemon\.js|egress\.js/);
  });

  test('no right, and no variable that is not meant for it', () => {
    expect(found.uid).toBe(10_873);
    const none = '0000000000000000';
    expect(found.rights).toEqual([`CapEff: ${none}`, `CapBnd: ${none}`, 'NoNewPrivs: 1']);
    expect(found['become root']).toBe('EPERM');
    const proxy = [
      'HTTPS_PROXY',
      'HTTP_PROXY',
      'NO_PROXY',
      'https_proxy',
      'http_proxy',
      'no_proxy',
    ];
    const own = [
      'COFFEE_ROADMAP_RUN',
      'HOME',
      'LANG',
      'NODE_EXTRA_CA_CERTS',
      'NODE_USE_ENV_PROXY',
      'PATH',
      'TERM',
    ];
    const git = [
      'GIT_AUTHOR_EMAIL',
      'GIT_AUTHOR_NAME',
      'GIT_COMMITTER_EMAIL',
      'GIT_COMMITTER_NAME',
    ];
    const unexpected = (found.environment as string[]).filter(
      (name) => ![...proxy, ...own, ...git].includes(name),
    );
    expect(unexpected).toEqual([]);
  });
});

/** Everything that is there to be reached: databases by name and address, the host on each bridge. */
async function targets({ docker, gateway, container, port }: ComposeStack, listener: number) {
  const gateways = await Promise.all(['database', 'publish', 'outside', 'pages'].map(gateway));
  const addresses = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const found = await docker('inspect', '-f', addresses, await container('postgres'));
  const postgres = found.trim().split(' ');
  expect(postgres).toHaveLength(2);
  const outside = gateways[2];
  const secrets = ['daemon', 'superuser', 'cli', 'slackbot', 'dashboard', 'collector'].map(
    (name) => `/secrets/${name}`,
  );
  return {
    files: [...secrets.map((folder) => `${folder}/url`), '/secrets/superuser/password']
      .concat(['/proc/1/environ', '/proc/1/mem', '/etc/shadow', '/app/.env'])
      .concat(['/var/run/docker.sock']),
    folders: [...secrets, '/data', '/repositories', '/credentials', '/root', '/home/node/.config'],
    direct: [
      ...[...postgres, 'postgres', '127.0.0.1'].map((host) => [host, 5432]),
      ...[...gateways, '127.0.0.1'].flatMap((host) => [listener, port].map((to) => [host, to])),
      ...[
        ['egress', 80],
        ['daemon', 80],
        ['1.1.1.1', 443],
        ['169.254.169.254', 80],
      ],
    ],
    tunnels: [
      ...[...postgres, 'postgres'].map((host) => `${host}:5432`),
      ...gateways.flatMap((host) => [`${host}:${listener}`, `${host}:${port}`]),
      ...['example.com:443', 'localhost:443', '127.0.0.1:443', '[::1]:443', '169.254.169.254:80'],
      ...['api.anthropic.com:22', 'api.anthropic.com.example.com:443'],
      ...['api.anthropic.com@example.com:443', `api.anthropic.com:443@${outside}:${listener}`],
    ],
    pages: [
      ...[`http://${outside}:${listener}/`, 'http://example.com/', 'http://169.254.169.254/'],
      `http://api.anthropic.com@${outside}:${listener}/`,
    ],
  };
}
