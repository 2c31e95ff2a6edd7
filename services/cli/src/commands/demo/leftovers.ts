import { readPrivateJson, writePrivateJson } from '@coffee-roadmap/shared/config/private-file';
import { endStrayDaemon } from '@coffee-roadmap/shared/local-stack/stray-daemon';
import { isAlive, processIdentity } from '@coffee-roadmap/shared/postgres/processes';
import { removeEmbeddedPostgres } from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { sharedRootFor } from '@coffee-roadmap/shared/sandbox/reachable';
import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'coffee-roadmap-demo-';

/** Where a demo keeps what; `folder` holds all of it but what root's agents need elsewhere. */
export interface DemoPlaces {
  folder: string;
  repository: string;
  home: string;
  dataDir: string;
  agents: string;
  daemonNote: string;
  note: string;
}

export const demoPrefix = (): string => path.join(realpathSync(os.tmpdir()), PREFIX);

export function demoPlaces(folder: string): DemoPlaces {
  const home = path.join(folder, 'home');
  const state = path.join(home, '.local', 'state', 'coffee-roadmap');
  return {
    folder,
    repository: path.join(folder, 'repository'),
    home,
    dataDir: path.join(home, '.local', 'share', 'coffee-roadmap', 'postgres'),
    agents: path.join(state, 'daemon', 'agents'),
    daemonNote: path.join(state, 'daemon.json'),
    note: path.join(home, 'demo.json'),
  };
}

/** Says whose it is; a demo whose process is gone is cleared away by the next one. */
export function noteDemo({ note }: DemoPlaces): void {
  writePrivateJson(note, { pid: process.pid, identity: processIdentity(process.pid) });
}

/** Ends and removes what a demo made; with `keep` all but the repository. */
export async function removeDemo(places: DemoPlaces, keep = false): Promise<void> {
  await endStrayDaemon(places.daemonNote);
  await removeEmbeddedPostgres(places.dataDir);
  for (const root of existsSync(places.agents) ? readdirSync(places.agents) : []) {
    const shared = sharedRootFor(realpathSync(path.join(places.agents, root)));
    rmSync(shared, { recursive: true, force: true });
  }
  rmSync(keep ? places.home : places.folder, { recursive: true, force: true });
}

/** Clears away what killed demos of this user left. */
export async function removeLeftovers(): Promise<void> {
  const parent = path.dirname(demoPrefix());
  for (const name of readdirSync(parent).filter((one) => one.startsWith(PREFIX))) {
    const places = demoPlaces(path.join(parent, name));
    const found = lstatSync(places.folder, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    const note = readPrivateJson<{ pid: number; identity: string }>(places.note);
    if (note === undefined) continue; // just being made, or a repository that was kept
    const lives = isAlive(note.pid) && processIdentity(note.pid) === note.identity;
    if (!lives) await removeDemo(places);
  }
}
