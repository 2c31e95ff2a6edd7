import { loadConfig, type Config } from '@coffee-roadmap/shared/config/config';
import type { Environment } from '@coffee-roadmap/shared/config/env';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { daemonEnvironment } from '@coffee-roadmap/shared/local-stack/daemon-environment';
import {
  runDaemonProcess,
  type DaemonEnd,
  type DaemonProcess,
} from '@coffee-roadmap/shared/local-stack/daemon-process';
import { addSample, type AddedSample } from '@coffee-roadmap/shared/local-stack/sample';
import { startLocalDatabase } from '@coffee-roadmap/shared/local-stack/start-database';
import { chmodSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { demoPlaces, demoPrefix, noteDemo, removeDemo } from './leftovers';

export interface DemoStack {
  folder: string;
  personUrl: string;
  home: string;
  session: Session<'person'>;
  sample: AddedSample;
  startDaemon(onEnded: (end: DaemonEnd) => void): void;
  /** The last lines that the daemon logged. */
  lastWords(): string[];
  close(keep: boolean): Promise<void>;
}

const LAST_WORDS = 15;

/** A database, a repository and a daemon in a folder of their own; nothing of the user's is touched. */
export async function startDemoStack(
  env: Environment,
  say: (line: string) => void,
): Promise<DemoStack> {
  const places = demoPlaces(mkdtempSync(demoPrefix()));
  chmodSync(places.folder, 0o755); // the agent's uid has to get through to what is its own
  noteDemo(places);
  const config = configIn(env, places.home);
  const logFile = path.join(config.paths.state, 'daemon.log');
  let daemon: DaemonProcess | undefined;
  let session: Session<'person'> | undefined;

  const close = async (keep: boolean): Promise<void> => {
    await daemon?.stop();
    await session?.close();
    await removeDemo(places, keep);
  };

  try {
    const { personUrl, daemonUrlFile } = await startLocalDatabase({
      paths: config.paths,
      user: config.env.user,
      durable: false,
      log: say,
    });
    session = await openSession(personUrl, 'person');
    const sample = await addSample(session, { folder: places.repository, agent: 'rehearsal' });
    return {
      folder: places.folder,
      personUrl,
      home: config.env.home,
      session,
      sample,
      startDaemon(onEnded) {
        daemon = runDaemonProcess({
          env: { ...daemonEnvironment(config, daemonUrlFile), COFFEE_ROADMAP_POLL_S: '1' },
          logFile,
          noteFile: places.daemonNote,
          onEnded,
        });
      },
      lastWords: () =>
        existsSync(logFile)
          ? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_WORDS)
          : [],
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
