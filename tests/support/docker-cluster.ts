import { randomBytes } from 'node:crypto';
import type { TestCluster } from './cluster';

const IMAGE = 'postgres:18';
const SLOW_MS = 5_000;
const SETTINGS = [
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'max_connections=200',
];

/** A container, or undefined, with a line that says why, when none can be had. */
export async function startDockerCluster(
  say: (line: string) => void,
): Promise<TestCluster | undefined> {
  // Imported here: without an engine nothing of it is needed, and an installation may lack it.
  const testcontainers = await import('testcontainers').catch(() => undefined);
  const engine = await testcontainers?.getContainerRuntimeClient().catch(() => undefined);
  if (engine === undefined) return undefined;
  const slow = setTimeout(() => say(`waiting for Docker to fetch and start ${IMAGE}`), SLOW_MS);
  try {
    const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
    const container = await new PostgreSqlContainer(IMAGE)
      .withUsername('postgres')
      .withPassword(randomBytes(16).toString('hex'))
      .withDatabase('postgres')
      .withEnvironment({
        POSTGRES_INITDB_ARGS:
          '--auth-local=scram-sha-256 --auth-host=scram-sha-256 --locale-provider=builtin --builtin-locale=C.UTF-8',
      })
      .withTmpFs({ '/var/lib/postgresql': 'rw' })
      .withCommand(['postgres', ...SETTINGS.flatMap((setting) => ['-c', setting])])
      .start();
    return {
      kind: 'docker',
      superuserUrl: container.getConnectionUri(),
      stop: async () => void (await container.stop()),
    };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    say(`no container of ${IMAGE} (${reason}): tests use the embedded Postgres instead`);
    return undefined;
  } finally {
    clearTimeout(slow);
  }
}
