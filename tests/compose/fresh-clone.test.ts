import { Client } from 'pg';
import { createVisitor } from '../stories/dashboard/visitor';
import { openComposeStack } from './compose-stack';

const stack = openComposeStack();
const LASTING = ['postgres', 'egress', 'agent', 'daemon', 'slackbot', 'dashboard'];
const ONE_SHOT = ['secrets', 'migrate'];

async function inspect(service: string) {
  const [facts] = JSON.parse(await stack.docker('inspect', await stack.container(service)));
  return facts;
}

describe('a fresh clone without .env', () => {
  test('comes up healthy, one-shot services ended well', async () => {
    for (const service of LASTING) {
      expect((await inspect(service)).State).toMatchObject({ Health: { Status: 'healthy' } });
    }
    for (const service of ONE_SHOT) {
      expect((await inspect(service)).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    }
  });

  test('the Slack bot idles, and says why in one line', async () => {
    // Since it was started last: other stories restart it.
    const { StartedAt: since } = (await inspect('slackbot')).State;
    const logs = ['logs', '--no-log-prefix', '--since', since];
    const said = await stack.compose(...logs, 'slackbot');
    expect(said.split('\n')).toEqual([expect.stringContaining('no Slack tokens are set')]);
  });

  test.each([...LASTING, ...ONE_SHOT])('%s is closed as far as it can be', async (service) => {
    const { HostConfig: host, Config: config, Mounts: mounts } = await inspect(service);
    expect(host).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: null,
      Init: true,
      Privileged: false,
      SecurityOpt: ['no-new-privileges:true'],
      LogConfig: { Type: 'local', Config: { 'max-size': '10m', 'max-file': '3' } },
      RestartPolicy: { Name: ONE_SHOT.includes(service) ? 'no' : 'unless-stopped' },
    });
    expect(host.Memory).toBeGreaterThan(0);
    expect(host.PidsLimit).toBeGreaterThan(0);
    expect(config.User).toMatch(/^(node|postgres|coffee-agent)$/);
    expect(mounts.map((mount: { Type: string }) => mount.Type)).not.toContain('bind');
    const published: Record<string, number> = {
      postgres: stack.port,
      dashboard: stack.dashboardPort,
    };
    expect(Object.values(host.PortBindings ?? {}).flat()).toEqual(
      service in published ? [{ HostIp: '127.0.0.1', HostPort: String(published[service]) }] : [],
    );
  });

  test('each service has the secrets that are its own and no others', async () => {
    const secretsOf = async (service: string): Promise<string[]> =>
      (await inspect(service)).Mounts.map((mount: { Destination: string }) => mount.Destination)
        .filter((place: string) => place.startsWith('/secrets'))
        .sort();
    expect(await secretsOf('postgres')).toEqual(['/secrets/superuser']);
    expect(await secretsOf('daemon')).toEqual(['/secrets/daemon']);
    expect(await secretsOf('slackbot')).toEqual(['/secrets/slackbot']);
    expect(await secretsOf('dashboard')).toEqual(['/secrets/collector', '/secrets/dashboard']);
    expect(await secretsOf('agent')).toEqual([]);
    expect(await secretsOf('egress')).toEqual([]);
    const url = /^postgres:\/\/daemon_\w+:[\w-]+@postgres:5432\/coffee_roadmap$/;
    expect(await stack.exec('daemon', 'cat /secrets/*/* 2>/dev/null || true')).toMatch(url);
    expect(
      await stack.sql('select count(distinct rolpassword) from pg_authid where rolcanlogin'),
    ).toBe(await stack.sql('select count(*) from pg_authid where rolcanlogin'));
  });

  test('nobody gets in without a password, by socket, loopback or published port', async () => {
    for (const where of ['', '-h 127.0.0.1']) {
      const psql = `psql ${where} -w -U postgres -c 'select 1' 2>&1 || true`;
      expect(await stack.exec('postgres', psql)).toMatch(/no password supplied/);
    }
    const methods = 'select distinct auth_method from pg_hba_file_rules';
    expect(await stack.sql(methods)).toBe('scram-sha-256');
    const url = `postgres://postgres@127.0.0.1:${stack.port}/coffee_roadmap`;
    const nobody = new Client({ connectionString: url });
    await expect(nobody.connect()).rejects.toThrow(/password/);
    await nobody.end();
  });

  test('the dashboard answers on the host, and a one-time link signs in there', async () => {
    const address = `http://127.0.0.1:${stack.dashboardPort}`;
    expect((await fetch(`${address}/health`)).status).toBe(200);
    const page = await fetch(address);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    const { link } = await stack.cli<{ link: string }>('dashboard', '--link');
    const [where, code] = link.split('#');
    expect(where).toBe(`${address}/sign-in`);
    const visitor = createVisitor(address);
    expect((await visitor.get('/api/me')).body).toMatchObject({ signed_in: false });
    expect((await visitor.post('/api/sign-in', { code })).status).toBe(200);
    expect((await visitor.get('/api/me')).body).toMatchObject({ signed_in: true, name: 'admin' });
  });

  test('a daemon whose heartbeat is older than two beats is not healthy', async () => {
    const look = 'COFFEE_ROADMAP_BEAT_S=0.1 node dist/daemon.js health 2>&1; echo $?';
    await stack.until('an old heartbeat', async () =>
      /the last heartbeat is \d+ s old\n1$/.test(await stack.exec('daemon', look)),
    );
    expect(await stack.exec('daemon', 'node dist/daemon.js health; echo $?')).toBe('0');
  });
});
