import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { randomUUID } from 'node:crypto';
import { makeUsage } from '../import/usage-records';
import type { BenchDatabase, BenchServer } from '../server/bench-server';
import { connect, withClient } from '../server/connect';

const COMMITS = 1_600;
/** A daemon may tell people 500 things an hour. */
const ASKS_EACH = 100;
const RECORDS = 10_000;
const AT_ONCE = 2_000;

/** How many of these `clients` do in a second, each one after the other over its own connection. */
async function perSecond(
  count: number,
  clients: number,
  one: (client: number) => Promise<unknown>,
): Promise<number> {
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let n = 0; n < count / clients; n += 1) await one(client);
    }),
  );
  return count / ((performance.now() - begin) / 1000);
}

/** Small durable inserts per second over 16 connections, without and with a NOTIFY in each. */
export async function measurePlainCommits(
  server: BenchServer,
  rounds: number,
  clients: number,
): Promise<{ silent: number[]; notifying: number[] }> {
  const { url } = await server.database('commits');
  const open = await Promise.all(Array.from({ length: clients }, () => connect(url)));
  const listener = await connect(url);
  await listener.query('listen hints; create table note (n bigint generated always as identity)');
  const insert = 'insert into note default values';
  const found = { silent: [] as number[], notifying: [] as number[] };
  for (let round = -1; round < rounds; round += 1)
    for (const [kind, sql] of [
      ['silent', insert],
      ['notifying', `begin; ${insert}; notify hints; commit`],
    ] as const) {
      const rate = await perSecond(COMMITS, clients, (client) => open[client]!.query(sql));
      if (round >= 0) found[kind].push(rate);
    }
  await Promise.all([listener, ...open].map((client) => client.end()));
  return found;
}

/** Questions asked per second by so many daemons at once: checked, stored, with a hint in each commit. */
export async function measureQuestions(server: BenchServer, clients: number): Promise<number> {
  const database = await server.database(`questions_${clients}`, { migrated: true });
  await database.login('person', 'bench');
  const projectId = await addProject(database);
  const daemons: Session<'daemon'>[] = [];
  for (let n = 0; n < clients; n += 1) {
    const url = await database.login('daemon', `daemon-${n}`);
    daemons.push(await openSession(url, 'daemon', { connections: 1 }));
  }
  const rate = await perSecond(ASKS_EACH * clients, clients, (client) =>
    notify(daemons[client]!, { projectId, kind: 'question', title: 'Which colour?' }),
  );
  await Promise.all(daemons.map((daemon) => daemon.close()));
  return rate;
}

export async function addProject(database: BenchDatabase): Promise<string> {
  return withClient(database.url, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `insert into coffee.projects (team_id, name, repository)
       select t.id, 'bench', '/nowhere' from coffee.teams t returning id`,
    );
    return rows[0]!.id;
  });
}

/** Records per second through the import, by so many people at once, over all of them. */
export async function measureImports(
  server: BenchServer,
  rounds: number,
  people: number,
): Promise<number[]> {
  const database = await server.database(`people_${people}`, { migrated: true });
  const importers: { session: Session<'person'>; machineId: string }[] = [];
  for (let n = 0; n < people; n += 1) {
    const url = await database.login('person', `bench-${n}`);
    const session = await openSession(url, 'person', { connections: 1 });
    importers.push({ session, machineId: randomUUID() });
  }
  const rates: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const hands = importers.map(({ machineId }) => makeUsage(machineId, `limits${round}`, RECORDS));
    const next = importers.map(() => 0);
    const rate = await perSecond((RECORDS / AT_ONCE) * people, people, (client) => {
      const from = (next[client]! += AT_ONCE) - AT_ONCE;
      const { session, machineId } = importers[client]!;
      const records = hands[client]!.slice(from, from + AT_ONCE);
      return importBatch({ session }, { machineId, road: 'direct', records });
    });
    if (round >= 0) rates.push(rate * AT_ONCE);
  }
  await Promise.all(importers.map(({ session }) => session.close()));
  return rates;
}
