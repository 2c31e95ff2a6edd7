import type { Config } from '@coffee-roadmap/shared/config/config';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { getConnectionFacts } from '@coffee-roadmap/shared/people/queries';
import { describeDatabase } from '../../database-url';
import type { Finding } from './finding';

export interface DatabaseCheck {
  findings: Finding[];
  /** Undefined when there is none to look further with; to be closed by the caller. */
  session: Session<'person'> | undefined;
}

/** Whether the configured database answers, who one is there, and what server it is. */
export async function checkDatabase(config: Config): Promise<DatabaseCheck> {
  let session: Session<'person'> | undefined;
  try {
    const url = requireDatabase(config);
    session = await openSession(url, 'person');
    const before = Date.now();
    const facts = await getConnectionFacts(session);
    const after = Date.now();
    const { host, port, name } = describeDatabase(url);
    const { me } = session;
    const findings: Finding[] = [
      {
        check: 'database',
        state: 'ok',
        message: `${name} at ${host}:${port}, ${sourceOf(config)}`,
      },
      checkVersion(facts.version_num),
      facts.superuser
        ? {
            check: 'identity',
            state: 'fail',
            message: `${me.name}’s login is a superuser, whom no rule binds`,
            hint: 'alter role … nosuperuser, or use another login.',
          }
        : { check: 'identity', state: 'ok', message: identity(me) },
      checkClock(facts.now.getTime() - (before + after) / 2, after - before),
    ];
    return { session, findings };
  } catch (error) {
    await session?.close();
    const failure = toAppError(error);
    const { message } = failure;
    // Of the hints to it that other commands give, doctor itself is none.
    const hint = failure.hint?.replace(/; coffee-roadmap doctor looks closer/, '');
    return { session: undefined, findings: [{ check: 'database', state: 'fail', message, hint }] };
  }
}

function identity(me: Session['me']): string {
  const teams = me.teams.length === 0 ? 'in no team' : `in ${me.teams.join(', ')}`;
  return `you are ${me.name}${me.admin ? ', an admin' : ''}, ${teams}`;
}

function sourceOf({ env, file }: Config): string {
  if (env.teamDatabaseUrl !== undefined) return 'from TEAM_DATABASE_URL';
  if (file.team_database_url !== undefined) return 'the team’s, from config.json';
  if (env.databaseUrl !== undefined) return 'from DATABASE_URL';
  return file.embedded === true ? 'this machine’s own' : 'from config.json';
}

/** The first minor versions without holes that row-level security can be read through. */
const SAFE_MINOR: Record<number, number> = { 15: 14, 16: 10, 17: 6 };
const OLDEST = 15;

/** `versionNum` as the server gives it: 180004 is 18.4. */
export function checkVersion(versionNum: number): Finding {
  const [major, minor] = [Math.floor(versionNum / 10_000), versionNum % 10_000];
  const message = `Postgres ${major}.${minor}`;
  if (major < OLDEST) {
    const hint = `Move to ${OLDEST} or newer; 18 is the default.`;
    return { check: 'server', state: 'fail', message: `${message} is too old`, hint };
  }
  const safe = SAFE_MINOR[major] ?? 0;
  if (minor >= safe) return { check: 'server', state: 'ok', message };
  return {
    check: 'server',
    state: 'warn',
    message: `${message} has known holes in row-level security`,
    hint: `Update it to ${major}.${safe} or newer; the data stays as it is.`,
  };
}

const SKEW_WARN_MS = 2_000;
const SKEW_FAIL_MS = 30_000;

/** `skewMs`: the server's clock minus ours, known to within half of `roundTripMs`. */
export function checkClock(skewMs: number, roundTripMs: number): Finding {
  const least = Math.max(0, Math.abs(skewMs) - roundTripMs / 2);
  if (least < SKEW_WARN_MS) {
    return { check: 'clock', state: 'ok', message: 'this clock and the database’s agree' };
  }
  const which = skewMs > 0 ? 'behind' : 'ahead of';
  return {
    check: 'clock',
    state: least >= SKEW_FAIL_MS ? 'fail' : 'warn',
    message: `this clock is ${Math.round(least / 1000)} s ${which} the database’s`,
    hint: 'Let both machines keep their time by NTP.',
  };
}
