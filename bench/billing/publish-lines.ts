import { openSession } from '@coffee-roadmap/shared/db/session';
import { publishPeriod } from '@coffee-roadmap/shared/publishing/queries';
import type { SummaryLine } from '@coffee-roadmap/shared/publishing/summarise';
import type { Client } from 'pg';
import { median } from '../figures/statistics';
import { timeOf } from '../figures/time-of';

const NOTHING = {
  ...{ issue: '', model: '', sessions: 0, issues: 0, input_tokens: 0, output_tokens: 0 },
  ...{ cache_read_tokens: 0, cache_write_tokens: 0, cost_nanos: 0, unpriced_calls: 0 },
};

/** A day that is open, published with another number each time. */
export async function publishing(url: string, teamId: string, rounds: number): Promise<number> {
  const session = await openSession(url, 'person', { connections: 1 });
  try {
    const { projects } = {
      projects: await session.db.selectFrom('coffee.projects').select('id').limit(3).execute(),
    };
    const firstDay = new Date().toISOString().slice(0, 10);
    const times: number[] = [];
    for (let n = 1; n <= rounds * 10; n += 1) {
      const lines = projects.map(({ id }): SummaryLine => ({
        ...{ ...NOTHING, project: id, kind: 'time', measured_seconds: n, billed_seconds: n },
      }));
      times.push(
        await timeOf(() => publishPeriod(session, { teamId, firstDay, lines, layer: 'service' })),
      );
    }
    return median(times);
  } finally {
    await session.close();
  }
}

/** The same rows written by whom nothing checks. */
export async function inserting(superuser: Client, team: string, rounds: number): Promise<number> {
  const times: number[] = [];
  await superuser.query(`create table plain_lines as select * from coffee.published_lines limit 0`);
  for (let n = 1; n <= rounds * 10; n += 1) {
    times.push(
      await timeOf(() =>
        superuser.query(
          `insert into plain_lines select * from coffee.published_lines where team_id = $1 limit 3`,
          [team],
        ),
      ),
    );
  }
  return median(times);
}
