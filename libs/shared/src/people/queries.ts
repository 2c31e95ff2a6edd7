import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeePrincipalKind } from '../db/types.generated';

export type LoginKind = Exclude<CoffeePrincipalKind, 'agent'>;

export interface Login {
  id: string;
  kind: CoffeePrincipalKind;
  name: string;
  login: string;
  admin: boolean;
  teams: string[];
  /** Names of the teams that the person manages. */
  manages: string[];
  created_at: Date;
}

/** Every login that is not removed; for admins. */
export async function listLogins(session: Session<'person'>): Promise<Login[]> {
  const { rows } = await sql<Login>`select * from coffee.list_logins()`.execute(session.db);
  return rows;
}

export interface Colleague {
  id: string;
  name: string;
  /** Teams that they share with the caller. */
  teams: string[];
  manages: string[];
  created_at: Date;
}

/** The people who share a team with the caller, by name. */
export async function listColleagues(session: Session<'person'>): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`
    select p.id, p.name, p.created_at,
      array(select t.name from coffee.memberships m join coffee.teams t on t.id = m.team_id
        where m.member_id = p.id order by lower(t.name)) as teams,
      array(select t.name from coffee.memberships m join coffee.teams t on t.id = m.team_id
        where m.member_id = p.id and m.role = 'manager' order by lower(t.name)) as manages
    from coffee.people p where p.removed_at is null order by lower(p.name)`.execute(session.db);
  return rows;
}

/** A login's name and its password, which nobody can read again. */
export interface Credentials {
  login: string;
  password: string;
}

export async function addLogin(
  session: Session<'person'>,
  login: { kind: LoginKind; name: string; teams: string[]; admin: boolean },
): Promise<Credentials> {
  const { rows } = await sql<Credentials>`
    select * from coffee.add_login(${login.kind}, ${login.name}, ${login.teams}::text[],
      ${login.admin})`.execute(session.db);
  return rows[0]!;
}

export async function removeLogin(
  session: Session<'person'>,
  kind: LoginKind,
  name: string,
): Promise<void> {
  await sql`select coffee.remove_login(${kind}, ${name})`.execute(session.db);
}

/** The caller's own, or anybody's for an admin. The old password ends at once. */
export async function rotatePassword(
  session: Session<'person'>,
  kind: LoginKind,
  name: string,
): Promise<Credentials> {
  const { rows } = await sql<Credentials>`
    select * from coffee.rotate_password(${kind}, ${name})`.execute(session.db);
  return rows[0]!;
}

export interface Team {
  id: string;
  name: string;
  members: { name: string; kind: 'person' | 'daemon' | 'other'; role: 'member' | 'manager' }[];
  created_at: Date;
}

/** The caller's teams. Of members that are neither person nor reporting daemon only the kind is known. */
export async function listTeams(session: Session<'person'>): Promise<Team[]> {
  const { rows } = await sql<Team>`
    select t.id, t.name, t.created_at,
      coalesce((select jsonb_agg(jsonb_build_object(
          'name', coalesce(p.name, s.name, ''),
          'kind', case when p.id is not null then 'person' when s.daemon_id is not null then 'daemon'
            else 'other' end,
          'role', m.role)
          order by p.id is null, lower(coalesce(p.name, s.name)))
        from coffee.memberships m
        left join coffee.people p on p.id = m.member_id
        left join coffee.daemon_status s on s.daemon_id = m.member_id
        where m.team_id = t.id), '[]') as members
    from coffee.teams t order by lower(t.name)`.execute(session.db);
  return rows;
}

/** Returns its id; the admin who makes it is its first member. */
export async function addTeam(session: Session<'person'>, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select coffee.add_team(${name}) as id`.execute(
    session.db,
  );
  return rows[0]!.id;
}

/** `role` null takes the membership away. */
export async function setMembership(
  session: Session<'person'>,
  membership: {
    team: string;
    kind: LoginKind;
    member: string;
    role: 'member' | 'manager' | null;
  },
): Promise<void> {
  const { team, kind, member, role } = membership;
  await sql`select coffee.set_membership(${team}, ${kind}, ${member}, ${role})`.execute(session.db);
}

export interface ConnectionFacts {
  login: string;
  superuser: boolean;
  database: string;
  /** For example 180004. */
  version_num: number;
  version: string;
  /** The server's clock. */
  now: Date;
}

/** Who the server takes the caller for, and what server it is. */
export async function getConnectionFacts(session: Session): Promise<ConnectionFacts> {
  const { rows } = await sql<ConnectionFacts>`
    select session_user::text as login, current_setting('is_superuser')::boolean as superuser,
      current_database()::text as database, current_setting('server_version_num')::int as version_num,
      current_setting('server_version') as version, clock_timestamp() as now`.execute(session.db);
  return rows[0]!;
}
