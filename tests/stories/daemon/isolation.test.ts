import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { helpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';

const PROBE = path.resolve('tests', 'agents', 'probe-from-inside.mjs');
/** Reads its task, tries what the probe tries, and leaves what it found in the repository. */
const SCRIPT = 'read -r task; "$0" "$1" "$2" > findings.json';

describe('an agent that the daemon has started', () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  it('finds nothing of the daemon’s: environment, files, process, database', async () => {
    const repository = stack.repository('shop');
    const ada = await helpfulPerson(stack);
    const daemon = await stack.daemon('worker', {
      AWS_SECRET_ACCESS_KEY: 'hunter2',
      SSH_AUTH_SOCK: '/run/ssh',
    });
    const urlFile = path.join(daemon.home, 'daemon.url');
    const url = readFileSync(urlFile, 'utf8').trim();
    const given = {
      secret: url,
      secretFile: urlFile,
      secretFolder: daemon.home,
      daemonPid: daemon.pid,
      postgresPort: Number(new URL(url).port),
    };
    await ada.plan(repository, [{ title: 'Look around' }], {
      agent: 'command',
      agent_command: ['sh', '-c', SCRIPT, process.execPath, PROBE, JSON.stringify(given)],
    });
    await ada.help();
    const found = JSON.parse(git(repository, 'show', 'main:findings.json')) as Record<
      string,
      unknown
    >;
    const [status] = await stack.sql<{ isolated: boolean; isolation: string }>(
      'select isolated, isolation from coffee.daemon_status',
    );
    if (!status!.isolated) throw new Error(`this machine cannot isolate: ${status!.isolation}`);

    // The closed doors, and that there is something behind each.
    const closed = expect.stringMatching(/^(EACCES|ENOENT|EPERM|ESRCH)$/);
    expect(found).toMatchObject({
      'secret in the environment': 'none',
      'secret in any environ': 'none',
      'read the secret file': closed,
      'write the secret file': closed,
      'list the secret folder': closed,
      'environ of the daemon': closed,
      'mem of the daemon': closed,
      'mem of the daemon, to write': closed,
      'open files of the daemon': closed,
      'folder of the daemon': closed,
      'root of the daemon': closed,
      'signal the daemon': closed,
      'become root': expect.stringMatching(/^(EPERM|EINVAL)$/),
      'a session without a password': 'password wanted',
      'write into the workspace': 'got: true',
    });
    const environment = (found.environment as string[]).filter((name) => name !== 'PWD');
    expect(environment).toEqual(['COFFEE_ROADMAP_RUN', 'HOME', 'LANG', 'PATH', 'TERM']);
    expect(readFileSync(`/proc/${daemon.pid}/environ`, 'utf8')).toContain('hunter2');
    expect(existsSync(urlFile)).toBe(true);
    expect(url).toContain('postgres');
  });
});
