import { openSession } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { answerNotification } from '@coffee-roadmap/shared/notifications/queries';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { ingestTraces } from '@coffee-roadmap/shared/traces/queries';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { figuresOf } from '../footprint/process-figures';
import { makeUsage } from '../import/usage-records';
import { makeEvents } from '../ingest/trace-events';
import { addProject, measurePlainCommits } from '../limits/commits';
import { memoryOfOne } from '../limits/connections';
import { fill } from '../panels/fill';
import { PANELS } from '../panels/panel-queries';
import { median } from '../figures/statistics';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import type { Unit, Units } from './model';

const CALLS = 10_000;
const CALLS_AT_ONCE = 200;
const EVENTS = 3_000;
const EVENTS_AT_ONCE = 100;
const QUESTIONS = 200;
const PAGES = 40;
const YEAR_OF_CALLS = 100_000;
/** Each may have no more than 20 connections. */
const LOGINS = 8;

/** Each kind of work alone, on one server: what it costs the server, not whoever asks for it. */
export async function measureUnits(server: BenchServer & { pid: number }): Promise<Units> {
  const database = await server.database('simulate', { migrated: true });
  const personUrl = await database.login('person', 'bench');
  const person = await openSession(personUrl, 'person', { connections: 1 });
  const daemonUrl = await database.login('daemon', 'bench-daemon');
  const daemon = await openSession(daemonUrl, 'daemon', { connections: 1 });
  const idle: string[] = [];
  for (let n = 0; n < LOGINS; n += 1) idle.push(await database.login('person', `idle-${n}`));
  const root = await connect(database.url);
  const projectId = await addProject(database);
  const attempt = await addAttempt(root, projectId, daemon.me.id);
  const machineId = randomUUID();
  try {
    const records = makeUsage(machineId, 'simulate', CALLS);
    const call = await cost(server.pid, root, CALLS, async () => {
      for (let from = 0; from < CALLS; from += CALLS_AT_ONCE) {
        const batch = records.slice(from, from + CALLS_AT_ONCE);
        await importBatch({ session: person }, { machineId, road: 'direct', records: batch });
      }
    });
    const events = makeEvents('simulate', EVENTS);
    const event = await cost(server.pid, root, EVENTS, async () => {
      for (let from = 0; from < EVENTS; from += EVENTS_AT_ONCE)
        await ingestTraces(daemon, attempt, events.slice(from, from + EVENTS_AT_ONCE));
    });
    const question = await cost(server.pid, root, QUESTIONS, async () => {
      for (let n = 0; n < QUESTIONS; n += 1) {
        const { id } = await notify(daemon, {
          ...{ projectId, kind: 'question', title: 'Which colour?' },
          options: [{ label: 'Red' }, { label: 'Blue' }],
        });
        await answerNotification(person, { id, answer: 'Red', via: 'cli' });
      }
    });
    return {
      call,
      event,
      question,
      page: await costOfPage(server),
      connectionMb: await memoryOfOne(server, idle),
      hintsPerSecond: median((await measurePlainCommits(server, 2, 16)).notifying),
    };
  } finally {
    await Promise.all([person.close(), daemon.close(), root.end()]);
  }
}

/** Over a year of calls: an empty database would make it cheaper than it is. */
async function costOfPage(server: BenchServer & { pid: number }): Promise<Unit> {
  const database = await server.database('simulate_pages', { migrated: true });
  const reader = await connect(await database.login('person', 'bench'));
  const root = await connect(database.url);
  await fill(root, YEAR_OF_CALLS);
  const page = await cost(server.pid, root, PAGES, async () => {
    for (let n = 0; n < PAGES; n += 1) for (const { asked } of PANELS) await reader.query(asked);
  });
  await Promise.all([reader.end(), root.end()]);
  return { ...page, bytes: 0 };
}

/** All that the server did meanwhile, divided by `count`; backends have to stay, or their time is lost. */
async function cost(
  pid: number,
  root: Client,
  count: number,
  work: () => Promise<void>,
): Promise<Unit> {
  const size = async (): Promise<number> => {
    const sql = 'select pg_database_size(current_database())::float8 as bytes';
    return (await root.query<{ bytes: number }>(sql)).rows[0]!.bytes;
  };
  const [bytes, { cpuS }] = [await size(), figuresOf(pid)];
  await work();
  return {
    cpuS: (figuresOf(pid).cpuS - cpuS) / count,
    bytes: ((await size()) - bytes) / count,
  };
}

async function addAttempt(root: Client, projectId: string, daemonId: string): Promise<number> {
  const { rows } = await root.query<{ id: number }>(
    `with item as (
       insert into coffee.roadmap_items (project_id, number, position, title)
       values ($1, 1, 1, 'Priority 1') returning id
     )
     insert into coffee.attempts (item_id, project_id, attempt, daemon_id, agent)
     select id, $1, 1, $2, 'rehearsal' from item returning id`,
    [projectId, daemonId],
  );
  return rows[0]!.id;
}
