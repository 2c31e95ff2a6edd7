import { loadConfig, type Config } from '@coffee-roadmap/shared/config/config';
import type { Environment } from '@coffee-roadmap/shared/config/env';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { daemonEnvironment } from '@coffee-roadmap/shared/local-stack/daemon-environment';
import {
  runDaemonProcess,
  type DaemonProcess,
} from '@coffee-roadmap/shared/local-stack/daemon-process';
import { addSample, type AddedSample } from '@coffee-roadmap/shared/local-stack/sample';
import { startLocalDatabase } from '@coffee-roadmap/shared/local-stack/start-database';
import { removeEmbeddedPostgres } from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { sharedRootFor } from '@coffee-roadmap/shared/sandbox/reachable';
import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface DemoStack {
  folder: string;
  personUrl: string;
  home: string;
  session: Session<'person'>;
  sample: AddedSample;
  startDaemon(): void;
  close(keep: boolean): Promise<void>;
}

/** A database, a repository and a daemon in a folder of their own; nothing of the user's is touched. */
export async function startDemoStack(
  env: Environment,
  say: (line: string) => void,
): Promise<DemoStack> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-demo-'));
  chmodSync(folder, 0o755); // the agent's uid has to get through to what is its own
  const repository = path.join(folder, 'repository');
  const config = configIn(env, path.join(folder, 'home'));
  const dataDir = path.join(config.paths.data, 'postgres');
  const agents = path.join(config.paths.state, 'daemon', 'agents');
  let daemon: DaemonProcess | undefined;
  let session: Session<'person'> | undefined;

  const close = async (keep: boolean): Promise<void> => {
    await daemon?.stop();
    await session?.close();
    await removeEmbeddedPostgres(dataDir);
    const roots = existsSync(agents) ? readdirSync(agents) : [];
    for (const root of roots) {
      const shared = sharedRootFor(realpathSync(path.join(agents, root)));
      rmSync(shared, { recursive: true, force: true });
    }
    rmSync(keep ? path.join(folder, 'home') : folder, { recursive: true, force: true });
  };

  try {
    const { personUrl, daemonUrlFile } = await startLocalDatabase({
      paths: config.paths,
      user: config.env.user,
      durable: false,
      log: say,
    });
    session = await openSession(personUrl, 'person');
    const sample = await addSample(session, { folder: repository, agent: 'rehearsal' });
    return {
      folder,
      personUrl,
      home: config.env.home,
      session,
      sample,
      startDaemon() {
        daemon = runDaemonProcess({
          env: { ...daemonEnvironment(config, daemonUrlFile), COFFEE_ROADMAP_POLL_S: '1' },
          logFile: path.join(config.paths.state, 'daemon.log'),
          onEnded: ({ complaint }) => say(`the daemon ended: ${complaint[0] ?? 'no reason given'}`),
        });
      },
      close,
    };
  } catch (error) {
    await close(false);
    throw error;
  }
}

function configIn(env: Environment, home: string): Config {
  return loadConfig({
    ...env,
    home,
    xdgConfigHome: undefined,
    xdgDataHome: undefined,
    xdgStateHome: undefined,
    databaseUrl: undefined,
    teamDatabaseUrl: undefined,
    adminDatabaseUrl: undefined,
    settings: {},
    agentCredentials: {},
  });
}
