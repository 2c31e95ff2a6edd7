import { runDaemonProcess } from '@coffee-roadmap/shared/local-stack/daemon-process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BenchServer } from '../server/bench-server';
import { withClient } from '../server/connect';

/** A process of ours that runs all day. */
export interface Program {
  name: string;
  pid: number;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** The daemon with one project and nothing to do, as `npm start` runs it. */
export async function startIdleDaemon(server: BenchServer): Promise<Program> {
  const database = await server.database('footprint', { migrated: true });
  await database.login('person', 'bench');
  const url = await database.login('daemon', 'daemon');
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee-bench-'));
  const urlFile = path.join(home, 'daemon.url');
  writeFileSync(urlFile, `${url}\n`, { mode: 0o600 });
  await withClient(database.url, (client) =>
    client.query(
      `insert into coffee.projects (team_id, name, repository, agent)
       select t.id, 'bench', '/nowhere', 'rehearsal' from coffee.teams t`,
    ),
  );
  const daemon = runDaemonProcess({
    env: { HOME: home, PATH: process.env.PATH ?? '', COFFEE_ROADMAP_DAEMON_URL_FILE: urlFile },
    logFile: path.join(home, 'daemon.log'),
  });
  const stop = async (): Promise<void> => {
    await daemon.stop();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await waitUntilIdle(database.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name: 'daemon', pid: daemon.pid!, stop };
}

async function waitUntilIdle(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const { rowCount } = await client.query(
        `select from coffee.daemon_status where state = 'idle'`,
      );
      if (rowCount === 1) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    throw new Error('the daemon did not get ready');
  });
}
