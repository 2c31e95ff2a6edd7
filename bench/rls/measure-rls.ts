import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import { median } from '../figures/statistics';
import { atMost, millis, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { fill, PROJECTS, ROWS, TEAMS } from './fill';
import { hotQueries, type HotQuery, type Place } from './hot-queries';
import { writeOut } from './write-out';

const AIM = 1.03;
/** Milliseconds for each query and round, both sides together. */
const ROUND_MS = 400;

interface Side {
  client: Client;
  sql: (query: HotQuery) => string;
}

/** Each hot query as a person's login beside the same as superuser with the filter written out. */
export async function measureRls(server: BenchServer, rounds: number): Promise<Report> {
  const database = await server.database('rls', { migrated: true });
  const personUrl = await database.login('person', 'bench');
  const superuser = await connect(database.url);
  const person = await connect(personUrl);
  try {
    await fill(superuser);
    const me = await idOf(person);
    const queries = await hotQueries(await findPlace(person));
    const sides: [Side, Side] = [
      { client: person, sql: (query) => query.sql },
      { client: superuser, sql: (query) => writeOut(query.sql, query.table, `'${me}'`) },
    ];
    const found = [];
    for (const query of queries) {
      await checkEqual(sides, query);
      found.push({ name: query.name, ...(await compare(sides, query, rounds)) });
    }
    return report(server, rounds, found);
  } finally {
    await person.end();
    await superuser.end();
  }
}

async function idOf(person: Client): Promise<string> {
  const { rows } = await person.query<{ id: string }>('select id from coffee.whoami()');
  return rows[0]!.id;
}

async function findPlace(person: Client): Promise<Place> {
  const { rows } = await person.query<Place>(
    `select s.project_id as "projectId", a.item_id as "itemId", i.number,
       s.attempt_id as "attemptId", (select max(id) from coffee.notifications) as "notificationId"
     from coffee.attempt_steps s
     join coffee.attempts a on a.id = s.attempt_id
     join coffee.roadmap_items i on i.id = a.item_id limit 1`,
  );
  return rows[0]!;
}

/** A filter that is not the policy's would make the comparison worthless. */
async function checkEqual(sides: [Side, Side], query: HotQuery): Promise<void> {
  const [ours, theirs] = await Promise.all(
    sides.map(
      async ({ client, sql }) => (await client.query(sql(query), [...query.parameters])).rows,
    ),
  );
  const withoutAges = (rows: unknown) =>
    JSON.stringify(rows).replace(/"heartbeat_age_s":[\d.]+/g, '');
  if (ours!.length === 0 || !isDeepStrictEqual(withoutAges(ours), withoutAges(theirs))) {
    throw new Error(
      `${query.name}: ${ours!.length} rows under the policy, ${theirs!.length} written out`,
    );
  }
}

interface Found {
  name: string;
  ours: number;
  theirs: number;
  ratio: number;
}

async function compare(sides: [Side, Side], query: HotQuery, rounds: number) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const times: [number[], number[]] = [[], []];
    const end = performance.now() + ROUND_MS;
    for (let n = 0; performance.now() < end; n += 1) {
      // In turns, and each first in every other turn.
      for (const i of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        times[i].push(await timeOf(sides[i], query));
      }
    }
    if (round < 0) continue; // the first warms caches
    ours.push(median(times[0]));
    theirs.push(median(times[1]));
  }
  return {
    ours: median(ours),
    theirs: median(theirs),
    ratio: median(ours.map((value, round) => value / theirs[round]!)),
  };
}

async function timeOf({ client, sql }: Side, query: HotQuery): Promise<number> {
  const text = sql(query);
  const start = performance.now();
  await client.query(text, [...query.parameters]);
  return performance.now() - start;
}

function report(server: BenchServer, rounds: number, found: Found[]): Report {
  return {
    name: 'rls',
    title: `Hot queries, ${TEAMS} teams, ${PROJECTS} projects, ${whole(ROWS)} rows a table, Postgres ${server.version}`,
    columns: ['', 'by policy ms', 'written out ms'],
    rows: found.map((one) => [one.name, millis(one.ours), millis(one.theirs)]),
    ratios: found.map((one) => atMost(one.name, one.ratio, AIM)),
    rounds,
    figures: Object.fromEntries(found.map(({ name, ...figures }) => [name, figures])),
  };
}
