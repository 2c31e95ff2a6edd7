import { sql } from 'kysely';
import type { Session } from '../db/session';

type Person = Session<'person'>;

export interface Machine {
  id: string;
  label: string;
  aliases: string[];
  /** Known by name alone, from a script's uploads. */
  named_only: boolean;
  program_version: string | null;
  last_report_at: Date | null;
  last_record_at: Date | null;
  created_at: Date;
  /** Roads by which it came → the time of the last batch. */
  roads: Record<string, string>;
  problems: number;
  tokens: number;
}

/** The caller's own machines, by label. */
export async function listMachines(session: Person): Promise<Machine[]> {
  const { rows } = await sql<Machine>`
    select m.id, m.label, m.aliases, m.named_only, m.program_version, m.last_report_at, m.last_record_at,
      m.created_at,
      coalesce((select jsonb_object_agg(c.road, c.moved_at) from coffee.machine_cursors c
        where c.machine_id = m.id), '{}') as roads,
      (select count(*)::int from coffee.import_problems p where p.machine_id = m.id) as problems,
      (select count(*)::int from coffee.machine_tokens t
        where t.machine_id = m.id and t.revoked_at is null) as tokens
    from coffee.machines m order by lower(m.label), m.id`.execute(session.db);
  return rows;
}

export interface MachineToken {
  id: number;
  /** Null: a secret for uploads. */
  machine_id: string | null;
  label: string | null;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export async function listMachineTokens(session: Person): Promise<MachineToken[]> {
  const { rows } = await sql<MachineToken>`
    select t.id, t.machine_id, m.label, t.created_at, t.last_used_at, t.revoked_at
    from coffee.machine_tokens t left join coffee.machines m on m.id = t.machine_id
    order by t.id`.execute(session.db);
  return rows;
}

export interface NewToken {
  id: number;
  token: string;
}

/** The token is in the answer and nowhere else. Throws `not_allowed` for somebody else's machine. */
export async function createMachineToken(
  session: Person,
  machineId: string,
  label?: string,
): Promise<NewToken> {
  const { rows } = await sql<NewToken>`
    select * from coffee.create_machine_token(${machineId}, ${label ?? null})`.execute(session.db);
  return rows[0]!;
}

/** With it scripts SET phrase counts, under any machine name of the caller's. */
export async function createUploadSecret(session: Person): Promise<NewToken> {
  const { rows } = await sql<NewToken>`select * from coffee.create_upload_secret()`.execute(
    session.db,
  );
  return rows[0]!;
}

export async function revokeMachineToken(session: Person, id: number): Promise<void> {
  await sql`select coffee.revoke_machine_token(${id})`.execute(session.db);
}

export async function renameMachine(session: Person, id: string, label: string): Promise<void> {
  await sql`select coffee.rename_machine(${id}, ${label})`.execute(session.db);
}
