import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { publish } from '@coffee-roadmap/shared/publishing/publish';
import { linkProject } from '@coffee-roadmap/shared/publishing/queries';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { median } from '../figures/statistics';
import { makeActivity } from '../recompute/make-activity';

const DAYS = 365;
const PER_DAY = 55;
const DAY = 86_400_000;
const AT_ONCE = 1_500;
/** Of the plain side: what anybody would have to read who publishes these months. */
const PLAIN = `select date_trunc('day', effective_at), folder, count(*), min(effective_at), max(effective_at)
  from coffee.activity_events where person_id = $1 and effective_at >= $2 group by 1, 2`;

/**
 * One person of the team with a year of their own hands in one more event of yesterday and publishes: the
 * day is computed anew, and what changed is sent. Beside one aggregate, as owner, over that person's
 * detail of the three months that are looked at. In milliseconds.
 */
export async function publishChangedDay(
  url: string,
  superuser: Client,
  rounds: number,
): Promise<{ ours: number; plain: number }> {
  const session = await openSession(url, 'person');
  try {
    const midnight = Math.floor(Date.now() / DAY) * DAY;
    const machineId = randomUUID();
    const year = makeActivity(machineId, DAYS, PER_DAY, midnight - DAYS * DAY);
    for (let from = 0; from < year.length; from += AT_ONCE)
      await send(session, machineId, year.slice(from, from + AT_ONCE));
    const project = await session.db
      .selectFrom('coffee.projects')
      .select('id')
      .executeTakeFirstOrThrow();
    await linkProject(session, 'folder', '/home/ada/src', project.id);
    await recompute(session);
    const run = (): Promise<unknown> =>
      publish(session, session, { layer: 'service', now: Date.now(), reason: 'a late event' });
    await run();
    await superuser.query('analyze');
    const others = makeActivity(machineId, DAYS, PER_DAY + 1, midnight - DAYS * DAY).slice(
      -rounds - 1,
    );
    const since = new Date(midnight - 92 * DAY);
    const times = { ours: [] as number[], plain: [] as number[] };
    for (const [round, late] of others.entries()) {
      await send(session, machineId, [late]);
      const [ours, plain] = [
        await timeOf(run),
        await timeOf(() => superuser.query(PLAIN, [session.me.id, since])),
      ];
      if (round === 0) continue; // warms caches and plans
      times.ours.push(ours);
      times.plain.push(plain);
    }
    return { ours: median(times.ours), plain: median(times.plain) };
  } finally {
    await session.close();
  }
}

async function send(
  session: Session<'person'>,
  machineId: string,
  records: ReturnType<typeof makeActivity>,
): Promise<void> {
  const counts = await importBatch({ session }, { machineId, road: 'direct', records });
  if (counts.refused > 0) throw new Error(`refused: ${JSON.stringify(counts.reasons)}`);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
