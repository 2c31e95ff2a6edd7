import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../libs/shared/src/postgres/embedded-postgres';
import { isAlive, processIdentity } from '../../libs/shared/src/postgres/processes';
import type { TestCluster } from './cluster';

const PREFIX = 'coffee-roadmap-tests-';

/** The embedded Postgres in a temporary folder, after removing those of runs that were killed. */
export async function startEmbeddedCluster(say: (line: string) => void): Promise<TestCluster> {
  await removeLeftovers();
  const folder = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  chmodSync(folder, 0o755); // as root the server runs as another account
  writeFileSync(ownerFile(folder), `${process.pid} ${processIdentity(process.pid)}`);
  const server = await startEmbeddedPostgres({
    dataDir: dataDirIn(folder),
    durable: false,
    settings: { max_connections: '200' },
    log: (line) => (line.startsWith('making') ? undefined : say(line)),
  });
  return {
    kind: 'embedded',
    superuserUrl: server.superuserUrl,
    stop: () => remove(folder),
  };
}

async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(os.tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = path.join(os.tmpdir(), name);
    if (lstatSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    const owner = ownerOf(folder);
    if (owner !== undefined && !runs(owner)) await remove(folder);
  }
}

async function remove(folder: string): Promise<void> {
  await removeEmbeddedPostgres(dataDirIn(folder));
  rmSync(folder, { recursive: true, force: true });
}

function runs(owner: string): boolean {
  const [pid, identity] = owner.split(' ');
  return isAlive(Number(pid)) && processIdentity(Number(pid)) === identity;
}

function ownerOf(folder: string): string | undefined {
  try {
    return readFileSync(ownerFile(folder), 'utf8');
  } catch {
    return undefined; // being made, or being removed by another run
  }
}

function ownerFile(folder: string): string {
  return path.join(folder, 'owner');
}

function dataDirIn(folder: string): string {
  return path.join(folder, 'postgres');
}
