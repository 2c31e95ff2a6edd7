import { openSession } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { randomUUID } from 'node:crypto';
import { median, medianRatio } from '../figures/statistics';
import { above, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { makeRawTable, upsertRaw } from './raw-upsert';
import { makeUsage } from './usage-records';

const RECORDS = 20_000;
/** As `push` hands them in. */
const AT_ONCE = 2_000;

/**
 * Records per second through the import, with its checks, row-level security, prices, the order of copies
 * and the sums of quarter-hours and days, beside a bare upsert of the same rows; new, and all once more.
 */
export async function measureImport(server: BenchServer, rounds: number): Promise<Report> {
  const database = await server.database('import', { migrated: true });
  const session = await openSession(await database.login('person', 'bench'), 'person');
  const root = await connect(database.url);
  await makeRawTable(root);
  const machineId = randomUUID();
  const ways: Record<'raw' | 'ours', (records: readonly UsageRecord[]) => Promise<void>> = {
    raw: (records) => upsertRaw(root, session.me.id, machineId, records),
    ours: async (records) => {
      const counts = await importBatch({ session }, { machineId, road: 'direct', records });
      if (counts.refused > 0) throw new Error(`refused: ${JSON.stringify(counts.reasons)}`);
    },
  };
  const found = { rawNew: [], oursNew: [], rawAgain: [], oursAgain: [] } as Record<
    string,
    number[]
  >;
  try {
    for (let round = -1; round < rounds; round += 1) {
      const records = makeUsage(machineId, `round${round}`, RECORDS);
      for (const when of ['New', 'Again'] as const)
        for (const way of ['raw', 'ours'] as const) {
          const start = performance.now();
          for (let from = 0; from < RECORDS; from += AT_ONCE)
            await ways[way](records.slice(from, from + AT_ONCE));
          const seconds = (performance.now() - start) / 1000;
          if (round >= 0) found[way + when]!.push(RECORDS / seconds); // the first warms caches and plans
        }
    }
  } finally {
    await Promise.all([root.end(), session.close()]);
  }
  return {
    name: 'import',
    title: `Usage records imported, Postgres ${server.version}`,
    columns: ['', 'records per second'],
    rows: [
      ['raw unnest upsert, new', whole(median(found.rawNew!))],
      ['the import, new', whole(median(found.oursNew!))],
      ['raw unnest upsert, again', whole(median(found.rawAgain!))],
      ['the import, again', whole(median(found.oursAgain!))],
    ],
    ratios: [
      above(
        'records per second, the import ÷ raw',
        medianRatio(found.oursNew!, found.rawNew!),
        0.6,
      ),
      {
        what: 'the same records once more, the import ÷ raw',
        value: medianRatio(found.oursAgain!, found.rawAgain!),
      },
    ],
    rounds: found.rawNew!.length,
    figures: Object.fromEntries(
      Object.entries(found).map(([name, values]) => [`${name.toLowerCase()}_per_second`, values]),
    ),
  };
}
