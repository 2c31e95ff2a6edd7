import { loadBillingLines } from '@coffee-roadmap/shared/billing/queries';
import { buildBillingReport } from '@coffee-roadmap/shared/billing/report';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { sql } from 'kysely';
import type { Client } from 'pg';
import { median } from '../figures/statistics';
import { timeOf } from '../figures/time-of';
import { startCpu } from './cpu';

export interface ReportCost {
  lines: number;
  /** Milliseconds of the database's answer, counted and not sent. */
  answer: number;
  /** Milliseconds of a plain aggregate over the same rows as their owner. */
  plain: number;
  /** Milliseconds until the program has all lines, budgets and totals. */
  report: number;
  /** Milliseconds of processor for such a report, of the server and of the program; null: another's server. */
  cpu: number | null;
}

/** The same sums by whom no policy and no function stands before; without rates, rounding or versions. */
const PLAIN = `select count(*)::int as lines, sum(nanos)::text as nanos from (
  select project_id, person_id, date_trunc('month', first_day::timestamp) as month, issue, kind, model,
    sum(measured_seconds), sum(billed_seconds), sum(cost_nanos) as nanos
  from coffee.published_lines where team_id = $1 and first_day >= $2 and first_day < $3
  group by 1, 2, 3, 4, 5, 6
  union all
  select project_id, daemon_id, date_trunc('month', bucket, 'UTC'), '', 'ai', model, 0, 0, sum(cost_nanos)
  from coffee.trace_buckets b join coffee.projects p on p.id = b.project_id
  where p.team_id = $1 and bucket >= $2::date::timestamp at time zone 'UTC'
    and bucket < $3::date::timestamp at time zone 'UTC'
  group by 1, 2, 3, 4, 5, 6) one`;

export interface Months {
  team: string;
  from: string;
  /** Exclusive. */
  to: string;
}

/** A manager's report of some months beside a plain aggregate over the same rows, in turns. */
export async function compareReport(
  url: string,
  superuser: Client,
  { team, from, to }: Months,
  { rounds, ownServer }: { rounds: number; ownServer: boolean },
): Promise<ReportCost> {
  const manager = await openSession(url, 'person', { connections: 1 });
  try {
    const { lines } = await assertSame(manager, superuser, { team, from, to });
    const report = async (): Promise<void> => {
      const read = await loadBillingLines(manager, { teamId: team, from, to });
      const about = { team: 'bench', from, to, client: null, bill: null, exchange: null };
      const { totals } = buildBillingReport(about, read);
      if (read.length !== lines || totals.length === 0) throw new Error('not the whole report');
    };
    const sides = {
      answer: () => answerOf(manager, { team, from, to }),
      plain: () => superuser.query(PLAIN, [team, from, to]),
      report,
    };
    const times: Record<keyof typeof sides, number[]> = { answer: [], plain: [], report: [] };
    const names = Object.keys(sides) as (keyof typeof sides)[];
    for (let n = 0; n < rounds * 3; n += 1) {
      for (const name of n % 2 === 0 ? names : [...names].reverse()) {
        times[name].push(await timeOf(sides[name]));
      }
    }
    const cpu = ownServer ? await cpuOf(manager, report, rounds) : null;
    const [answer, plain] = [median(times.answer), median(times.plain)];
    return { lines, answer, plain, report: median(times.report), cpu };
  } finally {
    await manager.close();
  }
}

async function answerOf(
  manager: Session<'person'>,
  { team, from, to }: Months,
): Promise<{ lines: number; nanos: string }> {
  const { rows } = await sql<{ lines: number; nanos: string }>`
    select count(*)::int as lines, sum(amount) as total, sum(cost_nanos)::text as nanos
    from coffee.billing_lines(${team}::uuid, ${from}::date, ${to}::date)`.execute(manager.db);
  return rows[0]!;
}

async function assertSame(
  manager: Session<'person'>,
  superuser: Client,
  months: Months,
): Promise<{ lines: number }> {
  const ours = await answerOf(manager, months);
  const { rows } = await superuser.query<{ lines: number; nanos: string }>(PLAIN, [
    ...[months.team, months.from, months.to],
  ]);
  const plain = rows[0]!;
  if (ours.lines === 0 || ours.lines !== plain.lines || ours.nanos !== plain.nanos) {
    throw new Error(`${ours.lines} lines in the report, ${plain.lines} in the plain aggregate`);
  }
  return ours;
}

/** Milliseconds of processor that one run takes. */
async function cpuOf(
  session: Session<'person'>,
  work: () => Promise<void>,
  rounds: number,
): Promise<number> {
  const spent = await startCpu(session);
  const times = rounds * 4;
  for (let n = 0; n < times; n += 1) await work();
  return spent() / times;
}
