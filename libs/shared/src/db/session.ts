import { listMigrations, databaseFolder } from '@coffee-roadmap/db/source';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { AppError } from '../errors';
import { toAppError } from './app-errors';
import { breakWhenSilent, connectionConfig } from './connection';
import { listen, type Listener, type ListenOptions } from './listener';
import type { DB } from './types.generated';

export type Role =
  'person' | 'agent' | 'daemon' | 'slackbot' | 'dashboard' | 'collector' | 'auditor';

export interface Identity {
  id: string;
  name: string;
  /** May manage people, teams and logins. */
  admin: boolean;
  teams: string[];
  /** Those of them whose manager this is. */
  manages: string[];
}

/** A database seen as one login. Made only here, so that a bare pool never stands in for one. */
export interface Session<R extends Role = Role> {
  readonly role: R;
  readonly me: Identity;
  readonly db: Kysely<DB>;
  listen(options: ListenOptions): Promise<Listener>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Connections kept at most. Default 4. */
  connections?: number;
  /** Milliseconds that one statement may take. Default 30,000. */
  statementTimeoutMs?: number;
}

/**
 * Connects and finds out who this is. Throws `not_reachable`, `not_allowed` (wrong password, wrong
 * kind of login, nobody), `database_not_migrated` or `database_newer`.
 */
export async function openSession<R extends Role>(
  url: string,
  role: R,
  options: SessionOptions = {},
): Promise<Session<R>> {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new Pool({
    ...connectionConfig(url),
    max: options.connections ?? 4,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
  });
  // An idle connection that breaks is replaced at the next query; that one reports what is wrong.
  pool.on('error', () => undefined);
  // One that breaks in the middle of a query says so twice: to the query, and to the whole process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    breakWhenSilent(client, statementTimeoutMs + 10_000);
  });
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  try {
    const me = await identify(db, role);
    return {
      role,
      me,
      db,
      listen: (listenOptions) => listen(url, listenOptions),
      close: () => db.destroy(),
    };
  } catch (error) {
    await db.destroy();
    throw toAppError(error);
  }
}

/**
 * Runs `work` in one transaction as the person who is signed in with this token, with that person's
 * rights. Throws `not_allowed` when the token is not valid, or not any more.
 */
export async function enterAs<T>(
  dashboard: Session<'dashboard'>,
  token: string,
  work: (session: Session<'person'>) => Promise<T>,
): Promise<T> {
  return dashboard.db.transaction().execute(async (transaction) => {
    const { rows } = await sql<Identity>`
      select id, name, admin, teams, manages from coffee.enter_dashboard(${token})`.execute(
      transaction,
    );
    return work({
      role: 'person',
      me: rows[0]!,
      db: transaction,
      listen: dashboard.listen,
      close: () => Promise.resolve(),
    });
  });
}

async function identify(db: Kysely<DB>, role: Role): Promise<Identity> {
  const { rows } = await sql<
    Identity & { kind: Role; version: number }
  >`select w.*, coffee.database_version() as version from coffee.whoami() w`.execute(db);
  const me = rows[0];
  if (me === undefined) {
    throw new AppError('not_allowed', 'this login is nobody in this database', {
      hint: 'Ask an admin for a login of your own: coffee-roadmap people add NAME.',
    });
  }
  if (me.kind !== role) {
    throw new AppError('not_allowed', `this login is of kind ${me.kind}, not ${role}`, {
      hint: 'Each program and each person has a login of its own.',
    });
  }
  const known = programVersion();
  if (me.version > known) {
    throw new AppError('database_newer', 'the database is newer than this program', {
      hint: 'Update coffee-roadmap: git pull && npm start.',
    });
  }
  if (me.version < known) {
    throw new AppError('database_not_migrated', 'the database is older than this program', {
      hint: 'Run npm start, or npm run db:migrate as its superuser.',
    });
  }
  const { id, name, admin, teams, manages } = me;
  return { id, name, admin, teams, manages };
}

let version: number | undefined;
function programVersion(): number {
  version ??= listMigrations(databaseFolder()).length;
  return version;
}
