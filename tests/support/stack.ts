import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentRoots } from './agent-processes';
import { startDaemonProgram, type DaemonProgram } from './daemon-program';
import { createTestDatabase, query, type TestDatabase } from './database';
import { makeRepository } from './repository';

export { git } from './repository';

/** A database, people and daemons with logins of their own, git repositories, a folder for it all. */
export interface Stack {
  database: TestDatabase;
  /** 0755: the agent's uid has to get through to what is its own. */
  folder: string;
  person(name: string): Promise<{ url: string; session: Session<'person'> }>;
  /** `road`: another way to the database than the straight one; `within`: what goes before the command. */
  daemon(
    name: string,
    settings?: Record<string, string>,
    road?: (url: string) => string,
    within?: string[],
  ): Promise<DaemonProgram>;
  /** A bare repository with one commit on main. */
  repository(name: string, files?: Record<string, string>): string;
  sql<Row extends Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>;
  /** Waits until the statement's first row has `ok`; throws with what was last seen. */
  until(text: string, params?: unknown[], timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** `own`: a database of the test's own, where the shared server will not do. */
export async function createStack(own?: TestDatabase): Promise<Stack> {
  const database = own ?? (await createTestDatabase());
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee story '));
  chmodSync(folder, 0o755);
  const sessions: Session<'person'>[] = [];
  const daemons: DaemonProgram[] = [];
  const password = 'for this test only';

  const loginUrl = async (kind: 'person' | 'daemon', name: string): Promise<string> => {
    const login = await ensureLogin(database.superuserUrl, { kind, name, password });
    return database.urlFor(login, password);
  };
  const sql: Stack['sql'] = (text, params) => query(database.superuserUrl, text, params);

  return {
    database,
    folder,
    sql,
    async person(name) {
      const url = await loginUrl('person', name);
      const session = await openSession(url, 'person');
      sessions.push(session);
      return { url, session };
    },
    async daemon(name, settings = {}, road = (url) => url, within = []) {
      const url = road(await loginUrl('daemon', name));
      const daemon = await startDaemonProgram({ name, url, folder, settings, within });
      daemons.push(daemon);
      return daemon;
    },
    repository: (name, files = { 'README.md': `# ${name}\n` }) =>
      makeRepository(path.join(folder, 'repositories', name), files),
    async until(text, params = [], timeoutMs = 30_000) {
      const end = Date.now() + timeoutMs;
      let seen: unknown;
      while (Date.now() < end) {
        [seen] = await sql(text, params);
        if ((seen as { ok?: boolean } | undefined)?.ok === true) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      const logs = daemons.map((daemon) => daemon.lines.slice(-15).join('\n')).join('\n--\n');
      throw new Error(
        `not within ${timeoutMs} ms: ${text}\nlast: ${JSON.stringify(seen)}\n${logs}`,
      );
    },
    async close() {
      await Promise.all(daemons.map((daemon) => daemon.stop()));
      await Promise.all(sessions.map((session) => session.close()));
      await database.drop();
      for (const root of daemons.flatMap((daemon) => agentRoots(daemon.home))) {
        rmSync(root, { recursive: true, force: true });
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
