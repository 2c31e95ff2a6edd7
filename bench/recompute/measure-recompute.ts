import { openSession } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { forgetTime } from '@coffee-roadmap/shared/time/recompute/queries';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import { randomUUID } from 'node:crypto';
import { median, medianRatio } from '../figures/statistics';
import { timeOf } from '../figures/time-of';
import { atMost, millis, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { makeActivity } from './make-activity';

const DAYS = 365;
const PER_DAY = 80;
/** As `push` hands them in. */
const AT_ONCE = 1_500;

/**
 * A year of activity in the database: computed from nothing, and after one more event of one day, beside
 * one sequential scan of the events as the tables' owner; and what its import took.
 */
export async function measureRecompute(server: BenchServer, rounds: number): Promise<Report> {
  const database = await server.database('recompute', { migrated: true });
  const session = await openSession(await database.login('person', 'bench'), 'person');
  const root = await connect(database.url);
  const machineId = randomUUID();
  const send = async (records: readonly MachineRecord[]): Promise<void> => {
    const counts = await importBatch({ session }, { machineId, road: 'direct', records });
    if (counts.refused > 0) throw new Error(`refused: ${JSON.stringify(counts.reasons)}`);
  };
  const events = makeActivity(machineId, DAYS, PER_DAY);
  const times = { imported: [], scan: [], all: [], day: [] } as Record<string, number[]>;
  try {
    for (let from = 0; from < events.length; from += AT_ONCE) {
      const batch = events.slice(from, from + AT_ONCE);
      times.imported!.push((await timeOf(() => send(batch))) / batch.length);
    }
    await root.query('vacuum analyze');
    const others = makeActivity(machineId, DAYS, PER_DAY + 1);
    for (let round = -1; round < rounds; round += 1) {
      const day = (7 + 31 * (round + 1)) % DAYS;
      const late = others[day * (PER_DAY + 1)]!;
      await forgetTime(session);
      const all = await timeOf(() => recompute(session));
      await send([late]);
      const changed = await timeOf(() => recompute(session));
      const scan = await timeOf(() =>
        root.query('select count(*), max(effective_at), max(folder) from coffee.activity_events'),
      );
      if (round < 0) continue; // the first warms caches and plans
      times.all!.push(all);
      times.day!.push(changed);
      times.scan!.push(scan);
    }
  } finally {
    await Promise.all([root.end(), session.close()]);
  }
  return reportOf(server, times);
}

function reportOf({ version }: BenchServer, times: Record<string, number[]>): Report {
  const { imported, scan, all, day } = times as Record<
    'imported' | 'scan' | 'all' | 'day',
    number[]
  >;
  return {
    name: 'recompute',
    title: `Working time of ${whole(DAYS * PER_DAY)} events of a year, Postgres ${version}`,
    columns: ['', 'ms'],
    rows: [
      ['one sequential scan of the events', millis(median(scan))],
      ['all days from nothing', millis(median(all))],
      ['one changed day', millis(median(day))],
      [`import of an event, ${whole(AT_ONCE)} at once`, millis(median(imported))],
    ],
    ratios: [
      { what: 'all days from nothing ÷ one scan', value: medianRatio(all, scan) },
      { what: 'one changed day ÷ one scan', value: medianRatio(day, scan) },
      atMost('one changed day ÷ all days', medianRatio(day, all), 0.05),
    ],
    rounds: all.length,
    figures: times,
  };
}
