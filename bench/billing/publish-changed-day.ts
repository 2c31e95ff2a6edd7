import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { publish } from '@coffee-roadmap/shared/publishing/publish';
import { linkProject } from '@coffee-roadmap/shared/publishing/queries';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { median } from '../figures/statistics';
import { timeOf } from '../figures/time-of';
import { makeUsage } from '../import/usage-records';
import { makeActivity } from '../recompute/make-activity';
import { startCpu } from './cpu';

const DAYS = 365;
const PER_DAY = 55;
const CALLS_PER_DAY = 40;
const DAY = 86_400_000;
const AT_ONCE = 1_500;
/** Milliseconds from one late message to the next. */
const WINDOW = 600_000;
/** Of the plain side: what anybody would have to read who publishes these months. */
const PLAIN = [
  `select date_trunc('day', effective_at), folder, count(*), min(effective_at), max(effective_at)
   from coffee.activity_events where person_id = $1 and effective_at >= $2 group by 1, 2`,
  `select date_trunc('day', at), folder, model, sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
     sum(cache_write_5m_tokens), sum(cost_nanos)
   from coffee.usage_records where person_id = $1 and at >= $2 group by 1, 2, 3`,
];

export interface PublishCost {
  /** Milliseconds until the changed day is computed and published. */
  publish: number;
  /** Milliseconds of plain aggregates, as owner, over that person's detail of the months that are looked at. */
  plain: number;
  /** Milliseconds of processor, of the server and of the program; null: another's server. */
  cpu: number | null;
}

/**
 * One person of the team with a year of their own hands in one more message of yesterday and publishes: the
 * day is computed anew, and what changed is sent.
 */
export async function publishChangedDay(
  url: string,
  superuser: Client,
  { rounds, ownServer }: { rounds: number; ownServer: boolean },
): Promise<PublishCost> {
  const session = await openSession(url, 'person', { connections: 1 });
  try {
    const midnight = Math.floor(Date.now() / DAY) * DAY;
    const start = midnight - DAYS * DAY;
    const machineId = randomUUID();
    await send(session, machineId, makeActivity(machineId, DAYS, PER_DAY, start));
    const calls = makeUsage(machineId, 'year', DAYS * CALLS_PER_DAY, { start, days: DAYS });
    await send(session, machineId, calls);
    const project = await session.db
      .selectFrom('coffee.projects as p')
      .innerJoin('coffee.billing_settings as b', 'b.project_id', 'p.id')
      .select('p.id')
      .executeTakeFirstOrThrow();
    await linkProject(session, 'folder', '/home/ada/src', project.id);
    await recompute(session);
    const run = async (): Promise<void> => {
      const { teams } = await publish(session, session, { layer: 'service', now: Date.now() });
      const changed = teams[0]!.periods.filter(({ outcome }) => outcome === 'published');
      if (changed.length === 0) throw new Error('nothing was published');
    };
    await run();
    await superuser.query('analyze');
    const since = new Date(midnight - 92 * DAY);
    const plain = async (): Promise<void> => {
      for (const one of PLAIN) await superuser.query(one, [session.me.id, since]);
    };
    const times = { publish: [] as number[], plain: [] as number[], cpu: [] as number[] };
    for (let round = 0; round <= rounds * 3; round += 1) {
      await send(session, machineId, [messageAt(machineId, midnight - DAY + round * WINDOW)]);
      const cpu = ownServer ? await startCpu(session) : null;
      const publishing = await timeOf(run);
      const spent = cpu?.() ?? 0;
      const aggregates = await timeOf(plain);
      if (round === 0) continue; // warms caches and plans
      times.publish.push(publishing);
      times.cpu.push(spent);
      times.plain.push(aggregates);
    }
    const cpu = times.cpu.reduce((sum, one) => sum + one, 0) / times.cpu.length;
    const [published, aggregated] = [median(times.publish), median(times.plain)];
    return { publish: published, plain: aggregated, cpu: ownServer ? cpu : null };
  } finally {
    await session.close();
  }
}

/** What a person wrote: five minutes of attention, in the night, where there is none yet. */
function messageAt(machineId: string, ms: number): MachineRecord {
  const [source, type, at] = ['remote.agent', 'user_message', new Date(ms).toISOString()] as const;
  const id = makeRecordId({ machineId, source, type, at, discriminator: randomUUID() });
  return { v: 1, id, at, source, type, session_id: 'night', folder: '/home/ada/src/project-1' };
}

async function send(
  session: Session<'person'>,
  machineId: string,
  records: readonly MachineRecord[],
): Promise<void> {
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const some = records.slice(from, from + AT_ONCE);
    const counts = await importBatch({ session }, { machineId, road: 'direct', records: some });
    if (counts.refused > 0) throw new Error(`refused: ${JSON.stringify(counts.reasons)}`);
  }
}
