import { Client } from 'pg';
import { startDockerCluster } from './docker-cluster';
import { startEmbeddedCluster } from './embedded-cluster';

/** The one Postgres server of a test run. */
export interface TestCluster {
  kind: 'given' | 'docker' | 'embedded';
  /** Any database of the cluster, as a superuser. */
  superuserUrl: string;
  stop(): Promise<void>;
}

const OLDEST = 150_000;

/**
 * TEST_DATABASE_URL if set; else a container, where a Docker engine answers; else the embedded
 * Postgres. TEST_POSTGRES=embedded leaves Docker out; TEST_POSTGRES=docker takes nothing else.
 */
export async function startTestCluster(say: (line: string) => void): Promise<TestCluster> {
  const cluster = await chooseCluster(say);
  try {
    say(`tests use Postgres ${await versionOf(cluster.superuserUrl)} (${WORDS[cluster.kind]})`);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

async function chooseCluster(say: (line: string) => void): Promise<TestCluster> {
  const { TEST_DATABASE_URL: given = '', TEST_POSTGRES: wanted } = process.env;
  if (given !== '') return { kind: 'given', superuserUrl: given, stop: async () => undefined };
  const docker = wanted === 'embedded' ? undefined : await startDockerCluster(say);
  if (docker !== undefined) return docker;
  if (wanted === 'docker') throw new Error('TEST_POSTGRES=docker, and no container can be had');
  return startEmbeddedCluster(say);
}

const WORDS = {
  given: 'TEST_DATABASE_URL',
  docker: 'a container of postgres:18',
  embedded: 'embedded',
};

async function versionOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; number: number; superuser: boolean }>(
      `select current_setting('server_version') as version,
              current_setting('server_version_num')::int as number,
              current_setting('is_superuser')::bool as superuser`,
    );
    const { version, number, superuser } = rows[0]!;
    if (number < OLDEST) throw new Error(`tests need Postgres 15 or newer, this is ${version}`);
    if (!superuser) throw new Error('tests need the URL of a superuser: they create roles');
    return version;
  } finally {
    await client.end();
  }
}
