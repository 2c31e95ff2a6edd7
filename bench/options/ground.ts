import { openSession } from '@coffee-roadmap/shared/db/session';
import { bindAccount } from '@coffee-roadmap/shared/slack/interaction-queries';
import { newSlackCode } from '@coffee-roadmap/shared/slack/link-queries';
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { BenchServer } from '../server/bench-server';
import { withClient } from '../server/connect';
import { openPlain } from './plain-ground';
import type { OptionName, Place, SqlitePlace } from './place';
import { SLACK } from './postgres-station';
import { makeTables } from './sqlite-schema';

/** Where the processes of one run meet. */
export interface Ground {
  option: OptionName;
  /** Daemon n's. */
  daemon(n: number): Promise<Place>;
  person: Place;
  slackbot: Place;
  /** From the daemon's files to the people's, where there are two sets. */
  copies: { from: SqlitePlace; to: SqlitePlace } | undefined;
  /** The superuser's URL of the one database, where there is one. */
  superuserUrl: string | undefined;
  close(): void;
}

export type MakeGround = (option: OptionName) => Promise<Ground>;

/** Grounds of all kinds; files are new each time, the databases stay until `close`. */
export async function openGrounds(
  server: BenchServer,
): Promise<{ make: MakeGround; close(): Promise<void> }> {
  const makePostgres = await openPostgres(server);
  const plain = await openPlain(server);
  // On the disk on which the server has its data, so that a commit costs the same.
  const folder = path.join(projectRoot(), 'dist', `bench-${process.pid}`, 'options');
  let made = 0;
  return {
    make: async (option) => {
      made += 1;
      if (option === 'C') return makePostgres(made);
      if (option === 'P') return plain.make();
      return makeFiles(option, path.join(folder, `${made}`));
    },
    async close() {
      await plain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeFiles(option: 'A' | 'B' | 'D', folder: string): Ground {
  mkdirSync(folder, { recursive: true });
  const place = (side: string, inner = 'analytics.db'): SqlitePlace => ({
    kind: 'sqlite',
    analytics: path.join(folder, `${side}analytics.db`),
    notifications: path.join(folder, `${side}notifications.db`),
    inner: path.join(folder, `${side}${inner}`),
  });
  const people = place('');
  const daemon = { A: people, B: place('daemon-'), D: place('', 'daemon_internal.db') }[option];
  for (const one of [people, daemon]) makeTables(one);
  return {
    option,
    daemon: () => Promise.resolve(daemon),
    person: people,
    slackbot: people,
    copies: option === 'B' ? { from: daemon, to: people } : undefined,
    superuserUrl: undefined,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function openPostgres(server: BenchServer): Promise<(made: number) => Promise<Ground>> {
  const database = await server.database('options', { migrated: true });
  const personUrl = await database.login('person', 'bench');
  const botUrl = await database.login('slackbot', 'slackbot');
  await linkSlack(personUrl, botUrl);
  const projectId = await withClient(personUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `select coffee.add_project(null, 'bench', '/nowhere', '{"agent": "rehearsal"}') as id`,
    );
    return rows[0]!.id;
  });
  return async (made) => ({
    option: 'C',
    async daemon(n) {
      const url = await database.login('daemon', `daemon-${made}-${n}`);
      const attemptId = await startAttempt(database.url, personUrl, url, projectId);
      return { kind: 'postgres', url, role: 'daemon', projectId, attemptId };
    },
    person: { kind: 'postgres', url: personUrl, role: 'person', projectId },
    slackbot: { kind: 'postgres', url: botUrl, role: 'slackbot', projectId },
    copies: undefined,
    superuserUrl: database.url,
    close: () => undefined,
  });
}

async function linkSlack(personUrl: string, botUrl: string): Promise<void> {
  const person = await openSession(personUrl, 'person', { connections: 1 });
  const bot = await openSession(botUrl, 'slackbot', { connections: 1 });
  const { code } = await newSlackCode(person);
  await bindAccount(bot, { key: 'bind', ...SLACK }, code);
  await Promise.all([person.close(), bot.close()]);
}

async function startAttempt(
  superuserUrl: string,
  personUrl: string,
  daemonUrl: string,
  projectId: string,
): Promise<number> {
  const daemon = await openSession(daemonUrl, 'daemon', { connections: 1 });
  const { id } = daemon.me;
  await daemon.close();
  const item = await withClient(personUrl, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'select id from coffee.add_item($1, $2, $3)',
      [projectId, 'Measure', ''],
    );
    return rows[0]!.id;
  });
  return withClient(superuserUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `insert into coffee.attempts (item_id, project_id, attempt, daemon_id, agent)
       values ($1, $2, 1, $3, 'rehearsal') returning id`,
      [item, projectId, id],
    );
    return Number(rows[0]!.id);
  });
}
