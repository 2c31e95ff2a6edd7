import { sql } from 'kysely';
import type { Session } from '../db/session';

type Bot = Session<'slackbot'>;

/** Who did something in Slack, and Slack's own id of it: the same for every delivery. */
export interface From {
  key: string;
  /** Slack's id of the workspace. */
  team: string;
  user: string;
  name: string;
}

/** What became of it. `repeated`: it was delivered before, and this is what came of it then. */
export type Outcome = { person?: string; repeated?: boolean } & (
  | { outcome: 'done'; result: Record<string, unknown> }
  | { outcome: 'refused'; code?: string; message: string; hint?: string }
  | { outcome: 'unlinked'; message: string; hint: string }
);

export type RoadmapVerb = 'add' | 'accept' | 'reopen' | 'pause' | 'resume';

/** Gives the answer with the rights of the person that the account is linked to. */
export async function passOnAnswer(
  session: Bot,
  from: From,
  given: { notificationId: number; answer: string },
): Promise<Outcome> {
  const { rows } = await sql<{ outcome: Outcome }>`
    select coffee.slack_answer(${JSON.stringify(from)}::jsonb, ${given.notificationId},
      ${given.answer}) as outcome`.execute(session.db);
  return rows[0]!.outcome;
}

/** add {project, title, body}, accept {item}, reopen {item, comment}, pause and resume {daemon}. */
export async function passOnCommand(
  session: Bot,
  from: From,
  verb: RoadmapVerb,
  given: Record<string, unknown>,
): Promise<Outcome> {
  const { rows } = await sql<{ outcome: Outcome }>`
    select coffee.slack_roadmap(${JSON.stringify(from)}::jsonb, ${verb},
      ${JSON.stringify(given)}::jsonb) as outcome`.execute(session.db);
  return rows[0]!.outcome;
}

/** Binds the account to the person who made the one-time code. */
export async function bindAccount(session: Bot, from: From, code: string): Promise<Outcome> {
  const { rows } = await sql<{ outcome: Outcome }>`
    select coffee.bind_slack(${JSON.stringify(from)}::jsonb, ${code}) as outcome`.execute(
    session.db,
  );
  return rows[0]!.outcome;
}

/** What somebody only looked at, or what could not be passed on. False for a redelivery. */
export async function recordLook(
  session: Bot,
  from: From,
  look: { action: 'list' | 'view' | 'help' | 'words' | 'nothing ticked'; notificationId?: number },
): Promise<boolean> {
  const { rows } = await sql<{ first: boolean }>`
    select coffee.slack_looked(${JSON.stringify(from)}::jsonb, ${look.action},
      ${look.notificationId ?? null}) as first`.execute(session.db);
  return rows[0]!.first;
}

export interface LinkedPerson {
  person_id: string;
  name: string;
  /** Ids of the daemons and the projects of the person's teams. */
  daemons: string[];
  projects: string[];
}

/** Undefined for an account that is not linked. */
export async function findLinkedPerson(
  session: Bot,
  team: string,
  user: string,
): Promise<LinkedPerson | undefined> {
  const { rows } = await sql<LinkedPerson>`
    select * from coffee.slack_who(${team}, ${user})`.execute(session.db);
  return rows[0];
}
