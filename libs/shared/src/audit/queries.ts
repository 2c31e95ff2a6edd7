import { sql } from 'kysely';
import type { Session } from '../db/session';

export type AuditReader = Session<'person' | 'auditor'>;

export interface AuditEntry {
  id: number;
  at: Date;
  action: string;
  /** Null where the one who did it has no row any more, or had none. */
  actor: string | null;
  /** What was done, as it was written; null once it was erased, `{unreadable}` where somebody spoilt it. */
  data: object | null;
  /** Number of its seal; null while it waits, and where the caller may not know. */
  seal: number | null;
}

/** The newest first. A person's own; an auditor's all. */
export async function listAuditEntries(
  session: AuditReader,
  { limit, before, action }: { limit: number; before?: number; action?: string },
): Promise<AuditEntry[]> {
  const seal =
    session.role === 'auditor'
      ? sql`(select s.seal_n from audit.sealed s where s.entry_id = e.id)`
      : sql`null::bigint`;
  const { rows } = await sql<Omit<AuditEntry, 'data'> & { payload: string | null }>`
    select e.id, e.at, e.action, e.actor_id::text as actor, p.payload, ${seal} as seal
    from audit.entries e left join audit.payloads p on p.entry_id = e.id
    where (${before ?? null}::bigint is null or e.id < ${before ?? null}::bigint)
      and (${action ?? null}::text is null or e.action = ${action ?? null}::text
        or e.action like replace(${action ?? null}::text, '_', '\\_') || '.%')
    order by e.id desc limit ${limit}`.execute(session.db);
  return rows.map(({ payload, ...entry }) => ({ ...entry, data: dataOf(payload) }));
}

function dataOf(payload: string | null): object | null {
  if (payload === null) return null;
  try {
    const { data } = JSON.parse(payload) as { data?: unknown };
    if (typeof data === 'object' && data !== null) return data;
  } catch {
    // audit verify tells of it
  }
  return { unreadable: payload };
}

/** Seals everything that waits; returns how many entries. */
export async function sealAudit(
  session: Session<'person' | 'daemon' | 'auditor'>,
): Promise<number> {
  for (let sealed = 0; ;) {
    const { rows } = await sql<{ n: number }>`select coffee.seal_audit() as n`.execute(session.db);
    if (rows[0]!.n === 0) return sealed;
    sealed += rows[0]!.n;
  }
}

export interface Seal {
  n: number;
  /** Microseconds since 1970. */
  sealed_at: string;
  entries: number;
  /** These three in hex. */
  content: string;
  previous: string;
  hash: string;
}

/** In the order of their numbers; for auditors. */
export async function listSeals(
  session: Session<'auditor'>,
  { after, limit }: { after: number; limit: number },
): Promise<Seal[]> {
  const { rows } = await sql<Seal>`
    select s.n, (extract(epoch from s.sealed_at) * 1000000)::bigint::text as sealed_at, s.entries,
      encode(s.content, 'hex') as content, encode(s.previous, 'hex') as previous,
      encode(s.hash, 'hex') as hash
    from audit.seals s where s.n > ${after} order by s.n limit ${limit}`.execute(session.db);
  return rows;
}

/** The head of the chain; undefined where nothing is sealed. */
export async function getNewestSeal(session: Session<'auditor'>): Promise<Seal | undefined> {
  const { rows } = await sql<{ n: number }>`select max(n) as n from audit.seals`.execute(
    session.db,
  );
  return (await listSeals(session, { after: (rows[0]!.n ?? 0) - 1, limit: 1 }))[0];
}

/** What is known of an entry, as far as it can be checked. */
export interface EntryFacts {
  /** Null where it waits for its seal. */
  seal: number | null;
  id: number;
  /** False: a seal or the queue names it, and it is gone. */
  there: boolean;
  /** The line that a seal hashes: docs/privacy.md. */
  line: string;
  /** In hex, as all of these. */
  digest: string;
  salt: string | null;
  payload: string | null;
  /** Whether an erasure took the payload away. */
  erased: boolean;
}

const FACTS = sql`coalesce(s.entry_id, e.id) as id, e.id is not null as there,
  concat_ws(' ', e.id, (extract(epoch from e.at) * 1000000)::bigint, coalesce(e.actor_id::text, '-'),
    e.action, encode(e.digest, 'hex')) as line,
  encode(e.digest, 'hex') as digest, encode(p.salt, 'hex') as salt, p.payload,
  exists (select from audit.erased_payloads x join audit.erasures using (person_id)
    where x.entry_id = e.id) as erased`;

/** In the order in which they were sealed. */
export async function listSealedEntries(
  session: Session<'auditor'>,
  { after, limit }: { after: { seal: number; id: number } | undefined; limit: number },
): Promise<EntryFacts[]> {
  const { rows } = await sql<EntryFacts>`
    select s.seal_n as seal, ${FACTS}
    from audit.sealed s left join audit.entries e on e.id = s.entry_id
      left join audit.payloads p on p.entry_id = e.id
    where ${after === undefined ? sql`true` : sql`(s.seal_n, s.entry_id) > (${after.seal}, ${after.id})`}
    order by s.seal_n, s.entry_id limit ${limit}`.execute(session.db);
  return rows;
}

/** Those in no seal. `waits` false: it is not in the queue either, so that no seal will ever hold it. */
export async function listUnsealedEntries(
  session: Session<'auditor'>,
  { after, limit }: { after: number | undefined; limit: number },
): Promise<(EntryFacts & { waits: boolean })[]> {
  const { rows } = await sql<EntryFacts & { waits: boolean }>`
    select null as seal, u.entry_id is not null as waits, ${FACTS}
    from audit.entries e left join audit.sealed s on s.entry_id = e.id
      left join audit.unsealed u on u.entry_id = e.id left join audit.payloads p on p.entry_id = e.id
    where s.entry_id is null and ${after === undefined ? sql`true` : sql`e.id > ${after}`}
    order by e.id limit ${limit}`.execute(session.db);
  return rows;
}

/** Everything that `work` reads is of one moment. */
export async function withSnapshot<T>(
  session: Session<'auditor'>,
  work: (session: Session<'auditor'>) => Promise<T>,
): Promise<T> {
  return session.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((db) => work({ ...session, db }));
}

/** Writes into the trail that something left the database as a file. `what`: a word. */
export async function recordExport(
  session: AuditReader,
  what: string,
  about: object,
): Promise<void> {
  await sql`select coffee.record_export(${what}, ${JSON.stringify(about)}::jsonb)`.execute(
    session.db,
  );
}

/** Posts the newest seal where the project's notifications go; the project's name. */
export async function announceSeal(session: Session<'auditor'>, project: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select coffee.announce_seal(${project}) as name`.execute(session.db);
  return rows[0]!.name;
}

export interface Erasure {
  person: string;
  at: Date;
  entry: number;
  /** What its entry says, as text; null where that is gone. */
  payload: string | null;
  /** Numbers of the entries that it took the payloads of, in order, with commas. */
  list: string;
}

/** Everybody who was erased, in the order of time; for auditors. */
export async function listErasures(session: Session<'auditor'>): Promise<Erasure[]> {
  const { rows } = await sql<Erasure>`
    select e.person_id as person, e.at, e.entry_id as entry, p.payload,
      coalesce((select string_agg(x.entry_id::text, ',' order by x.entry_id)
        from audit.erased_payloads x where x.person_id = e.person_id), '') as list
    from audit.erasures e left join audit.payloads p on p.entry_id = e.entry_id
    order by e.entry_id`.execute(session.db);
  return rows;
}
