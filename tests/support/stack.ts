import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startDaemonProgram, type DaemonProgram } from './daemon-program';
import { createTestDatabase, query, type TestDatabase } from './database';

/** A database, people and daemons with logins of their own, git repositories, a folder for it all. */
export interface Stack {
  database: TestDatabase;
  /** 0755: the agent's uid has to get through to what is its own. */
  folder: string;
  person(name: string): Promise<{ url: string; session: Session<'person'> }>;
  daemon(name: string, settings?: Record<string, string>): Promise<DaemonProgram>;
  /** A bare repository with one commit on main. */
  repository(name: string, files?: Record<string, string>): string;
  sql<Row extends Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>;
  /** Waits until the statement's first row has `ok`; throws with what was last seen. */
  until(text: string, params?: unknown[], timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

export async function createStack(): Promise<Stack> {
  const database = await createTestDatabase();
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
    async daemon(name, settings = {}) {
      const url = await loginUrl('daemon', name);
      const daemon = await startDaemonProgram({ name, url, folder, settings });
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
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeRepository(folder: string, files: Record<string, string>): string {
  const bare = `${folder}.git`;
  const tree = `${folder}-seed`;
  mkdirSync(tree, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', ...args],
      { cwd: tree, stdio: 'pipe' },
    );
  git('init', '--quiet', '--initial-branch=main');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
    writeFileSync(path.join(tree, name), text);
  }
  git('add', '-A');
  git('commit', '--quiet', '-m', 'Begin');
  git('clone', '--quiet', '--bare', tree, bare);
  return bare;
}

/** What a repository says, for assertions. */
export function git(repository: string, ...args: string[]): string {
  return execFileSync('git', ['--git-dir', repository, ...args], { encoding: 'utf8' }).trim();
}
