import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { LocalDate } from '../time/periods/local-date';

type Person = Session<'person'>;

export interface GranularitySettings {
  period?: 'day' | 'week' | 'month';
  per?: 'project' | 'issue';
  zone?: string;
  close_days?: number;
  least_people?: number;
}

export interface TeamGranularity extends Required<GranularitySettings> {
  /** First day of the month that it begins with. */
  from_month: LocalDate;
}

/** What a team has said, oldest first. */
export async function listGranularities(
  session: Person,
  teamId: string,
): Promise<TeamGranularity[]> {
  const { rows } = await sql<TeamGranularity>`
    select from_month::text, period, per, zone, close_days, least_people
    from coffee.granularities where team_id = ${teamId}::uuid order by from_month`.execute(
    session.db,
  );
  return rows;
}

/** From the month of `from` on. Throws `conflict` where members have published from then on. */
export async function setGranularity(
  session: Person,
  teamId: string,
  settings: GranularitySettings,
  from: LocalDate,
): Promise<TeamGranularity> {
  const { rows } = await sql<TeamGranularity>`
    select from_month::text, period, per, zone, close_days, least_people
    from coffee.set_granularity(${teamId}::uuid, ${JSON.stringify(settings)}::jsonb, ${from}::date)`.execute(
    session.db,
  );
  return rows[0]!;
}

export interface BillingSettings {
  client?: string;
  currency?: string;
  rounding_per?: 'none' | 'entry' | 'day' | 'month';
  rounding_minutes?: number;
  /** Of a month, in the project's currency; null: none. */
  budget?: string | null;
  ai_cost?: 'none' | 'at_cost' | 'markup';
  ai_markup_percent?: string;
  bill_delegated?: boolean;
}

export interface ProjectBilling extends Required<BillingSettings> {
  project_id: string;
}

/** Of the projects of the caller's teams; one that nobody set is left out. */
export async function listBillingSettings(session: Person): Promise<ProjectBilling[]> {
  const { rows } = await sql<ProjectBilling>`
    select project_id, client, currency, rounding_per, rounding_minutes, budget, ai_cost,
      ai_markup_percent, bill_delegated
    from coffee.billing_settings order by project_id`.execute(session.db);
  return rows;
}

/** Only the keys given change. For managers. */
export async function setBilling(
  session: Person,
  projectId: string,
  settings: BillingSettings,
): Promise<ProjectBilling> {
  const { rows } = await sql<ProjectBilling>`
    select project_id, client, currency, rounding_per, rounding_minutes, budget, ai_cost,
      ai_markup_percent, bill_delegated
    from coffee.set_billing(${projectId}::uuid, ${JSON.stringify(settings)}::jsonb)`.execute(
    session.db,
  );
  return rows[0]!;
}

export interface Rate {
  project: string;
  team: string;
  /** Null: for whoever has none of their own. */
  person: string | null;
  effective_from: LocalDate;
  per_hour: string;
  currency: string;
}

/** Rates that the caller may see, the newest of each first. */
export async function listRates(session: Person): Promise<Rate[]> {
  const { rows } = await sql<Rate>`
    select p.name as project, t.name as team, w.name as person, r.effective_from::text, r.per_hour,
      coalesce(b.currency, 'USD') as currency
    from coffee.rates r join coffee.projects p on p.id = r.project_id
    join coffee.teams t on t.id = p.team_id
    left join coffee.people w on w.id = r.person_id
    left join coffee.billing_settings b on b.project_id = p.id
    where r.replaced_at is null
    order by p.name, t.name, w.name nulls first, r.effective_from desc`.execute(session.db);
  return rows;
}

/** `person` null: for whoever has none. Throws `invalid_input` for a day that begins no period. */
export async function setRate(
  session: Person,
  rate: { projectId: string; person: string | null; from: LocalDate; perHour: string },
): Promise<void> {
  await sql`select coffee.set_rate(${rate.projectId}::uuid, ${rate.person}, ${rate.from}::date,
    ${rate.perHour}::numeric)`.execute(session.db);
}

export interface BillingLine {
  client: string;
  currency: string;
  project_id: string;
  project: string;
  /** Of a daemon's calls the daemon's; null: programs with a project key. */
  person_id: string | null;
  person: string;
  /** `2026-10`. */
  month: string;
  issue: string;
  kind: 'time' | 'delegated' | 'ai';
  model: string;
  measured_seconds: number;
  billed_seconds: number;
  rounding: string;
  /** Decimals as text, as all money here. */
  per_hour: string | null;
  sessions: number;
  issues: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  /** USD. */
  cost_usd: string;
  unpriced_calls: number;
  markup_percent: string | null;
  /** In `currency`, to the cent; null where a rate is missing. */
  amount: string | null;
}

export interface BillingFilter {
  teamId: string;
  from: LocalDate;
  /** Exclusive. */
  to: LocalDate;
  client?: string | undefined;
  /** What one USD is worth in the currency of projects that bill in another. */
  exchangeRate?: string | undefined;
  /** From the published lines themselves, as bills are, and not from the sums kept of months. */
  exact?: boolean;
}

/** Said once where line after line is of one project, or of one person there. */
const OF_PROJECT = ['client', 'currency', 'project_id', 'project', 'rounding'] as const;
const OF_PERSON = ['person_id', 'person'] as const;
/** As it is sent; `project` or `person` null: those of the line before. */
type SentLine = { [Name in keyof BillingLine]: BillingLine[Name] | null };

/** What most lines have: a null is sent, read and kept at a fraction of the cost. */
function fillUsual(row: SentLine): void {
  row.issue ??= '';
  row.kind ??= 'time';
  row.model ??= '';
  row.measured_seconds ??= 0;
  row.billed_seconds ??= 0;
  row.sessions ??= 0;
  row.issues ??= 0;
  row.input_tokens ??= 0;
  row.output_tokens ??= 0;
  row.cache_read_tokens ??= 0;
  row.cache_write_tokens ??= 0;
  row.cost_usd ??= '0';
  row.unpriced_calls ??= 0;
}

/** What was published of a team, priced; in one order for the same rows. For managers. */
export async function loadBillingLines(
  session: Person,
  { teamId, from, to, client, exchangeRate, exact = false }: BillingFilter,
): Promise<BillingLine[]> {
  const { rows } = await sql<SentLine>`
    select case when p then client end as client, case when p then currency end as currency,
      case when p then project_id end as project_id, case when p then project end as project,
      case when w then person_id end as person_id, case when w then person end as person,
      to_char(month, 'YYYY-MM') as month, nullif(issue, '') as issue,
      nullif(kind, 'time') as kind, nullif(model, '') as model,
      nullif(measured_seconds, 0)::float8 as measured_seconds,
      nullif(billed_seconds, 0)::float8 as billed_seconds,
      case when p then rounding end as rounding, per_hour,
      nullif(sessions, 0)::float8 as sessions, nullif(issues, 0)::float8 as issues,
      nullif(input_tokens, 0)::float8 as input_tokens, nullif(output_tokens, 0)::float8 as output_tokens,
      nullif(cache_read_tokens, 0)::float8 as cache_read_tokens,
      nullif(cache_write_tokens, 0)::float8 as cache_write_tokens,
      trim_scale(nullif(cost_nanos, 0)::numeric / 1000000000)::text as cost_usd,
      nullif(unpriced_calls, 0)::float8 as unpriced_calls,
      trim_scale(markup_percent)::text as markup_percent, amount
    from (
      select l.*, project_id is distinct from lag(project_id) over () as p,
        project_id is distinct from lag(project_id) over ()
          or person_id is distinct from lag(person_id) over () as w
      from coffee.billing_lines(${teamId}::uuid, ${from}::date, ${to}::date, ${client ?? null},
        ${exchangeRate ?? null}::numeric, ${exact}) l) l`.execute(session.db);
  let before: SentLine | undefined;
  for (const row of rows) {
    if (row.project === null) for (const name of OF_PROJECT) row[name] = before![name];
    if (row.person === null) for (const name of OF_PERSON) row[name] = before![name];
    before = row;
    fillUsual(row);
  }
  return rows as BillingLine[];
}

export interface Bill {
  id: number;
  client: string;
  /** `2026-10`. */
  month: string;
  currency: string;
  exchange_name: string | null;
  exchange_rate: string | null;
  total: string;
  /** Of the lines, in hex. */
  sha256: string;
  replaces: number | null;
}

const BILL = sql`id, client, to_char(month, 'YYYY-MM') as month, currency, exchange_name,
  trim_scale(exchange_rate)::text as exchange_rate, total, encode(sha256, 'hex') as sha256, replaces`;

/** The newest bill of each client of a team's month, by client. For managers. */
export async function listBills(
  session: Person,
  { teamId, month }: { teamId: string; month: LocalDate },
): Promise<Bill[]> {
  const { rows } = await sql<Bill>`
    select distinct on (b.client) ${BILL} from coffee.bills b
    where b.team_id = ${teamId}::uuid and b.month = ${month}::date
    order by b.client, b.id desc`.execute(session.db);
  return rows;
}

/** Makes a client's bill, or finds it where the same was billed before; the month is closed by it. */
export async function makeBill(
  session: Person,
  bill: {
    teamId: string;
    month: LocalDate;
    client: string;
    exchangeName?: string | undefined;
    exchangeRate?: string | undefined;
  },
): Promise<Bill> {
  const { rows } = await sql<Bill>`
    select ${BILL} from coffee.make_bill(${bill.teamId}::uuid, ${bill.month}::date, ${bill.client},
      ${bill.exchangeName ?? null}, ${bill.exchangeRate ?? null}::numeric)`.execute(session.db);
  return rows[0]!;
}

/** Closes a month before its days of grace are over; false where it was closed already. */
export async function closeMonth(
  session: Person,
  teamId: string,
  month: LocalDate,
): Promise<boolean> {
  const { rows } = await sql<{ closed: boolean }>`
    select coffee.close_month(${teamId}::uuid, ${month}::date) as closed`.execute(session.db);
  return rows[0]!.closed;
}
