import { sealAudit } from '@coffee-roadmap/shared/audit/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { isAppError, messageOf } from '@coffee-roadmap/shared/errors';
import { tidyMirror } from '@coffee-roadmap/shared/git/tidy-mirror';
import { pruneLog } from '@coffee-roadmap/shared/tasks/log-queries';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { DaemonConfig } from './config';
import type { Log } from './log';
import { mirrorsIn } from './work-folders';

export interface Upkeep {
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** How much more often than it is done it is looked whether it is due: others may be in the way. */
const LOOKS = 24;

/** Keeps mirrors and log small, about once a day, and seals the audit trail; never in the way of work. */
export function startUpkeep(session: Session<'daemon'>, config: DaemonConfig, log: Log): Upkeep {
  const ending = new AbortController();
  const { signal } = ending;

  async function tidy(mirror: string): Promise<void> {
    try {
      if (await tidyMirror({ mirror, everyMs: config.tidyMs, signal })) {
        log('debug', `tidied ${path.basename(mirror)}`);
      }
    } catch (error) {
      if (signal.aborted || (isAppError(error) && error.code === 'conflict')) return; // in use
      log('warn', `cannot tidy ${mirror}: ${messageOf(error)}`);
    }
  }

  async function look(): Promise<void> {
    await pruneLog(session, config.log).catch((error: unknown) =>
      log('warn', `cannot shorten the log: ${messageOf(error)}`),
    );
    await sealAudit(session).catch((error: unknown) =>
      log('warn', `cannot seal the audit trail: ${messageOf(error)}`),
    );
    const folder = mirrorsIn(config);
    const mirrors = existsSync(folder) ? readdirSync(folder) : [];
    for (const name of mirrors.filter((name) => name.endsWith('.git'))) {
      if (!signal.aborted) await tidy(path.join(folder, name));
    }
  }

  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, config.tidyMs / LOOKS);
  return {
    stop() {
      clearInterval(timer);
      ending.abort();
      return looking;
    },
  };
}
