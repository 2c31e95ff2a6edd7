import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { addProject } from '@coffee-roadmap/shared/projects/queries';
import { notify, type NewNotification } from '@coffee-roadmap/shared/questions/queries';
import { newSlackCode } from '@coffee-roadmap/shared/slack/link-queries';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase, query, type TestDatabase } from '../../support/database';
import { startSlackApi, type SlackApi } from '../../support/slack-api';
import { slackUser, type SlackUser } from '../../support/slack-user';
import type { SlackMessage } from '../../support/slack-web-methods';
import { buildSlackbot, type SlackbotProgram } from '../../support/slackbot-program';
import { until } from '../../support/until';

/** A database, a loopback Slack, ada and her Slack account, a project, and the bot as a program. */
export interface Office {
  database: TestDatabase;
  slack: SlackApi;
  ada: { session: Session<'person'>; slack: SlackUser };
  project: string;
  /** Somebody else of the team; not linked. */
  person(name: string): Promise<Session<'person'>>;
  /** Binds a Slack account to a person, through the running bot. */
  link(session: Session<'person'>, user: SlackUser): Promise<void>;
  bot(settings?: Record<string, string>): Promise<SlackbotProgram>;
  /** The bot with these settings alone. */
  idle(settings?: Record<string, string>): SlackbotProgram;
  /** A one-time code of ada's. */
  newCode(): Promise<string>;
  /** Asks or tells as ada; returns the id. */
  note(note: Partial<NewNotification>): Promise<number>;
  ask(note?: Partial<NewNotification>): Promise<number>;
  /** Waits until the notification is in a message, which it returns. */
  messageOf(id: number): Promise<SlackMessage>;
  /** Waits until nothing is left to be posted. */
  settled(): Promise<void>;
  sql<Row extends Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>;
  /** Ends the bots; database and Slack stay. */
  stopBots(): Promise<void>;
  close(): Promise<void>;
}

const password = 'for this test only';

export async function openOffice(): Promise<Office> {
  const build = buildSlackbot();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee slack '));
  const database = await createTestDatabase();
  const slack = await startSlackApi();
  const bots: SlackbotProgram[] = [];
  const sessions: Session<'person'>[] = [];
  const url = async (kind: 'person' | 'slackbot', name: string): Promise<string> =>
    database.urlFor(await ensureLogin(database.superuserUrl, { kind, name, password }), password);
  const sql: Office['sql'] = (text, params) => query(database.superuserUrl, text, params);
  const person = async (name: string): Promise<Session<'person'>> => {
    const session = await openSession(await url('person', name), 'person');
    sessions.push(session);
    return session;
  };
  const session = await person('ada');
  const botUrl = await url('slackbot', 'slackbot');
  const project = await addProject(session, {
    teamId: null,
    name: 'shop',
    repository: '/srv/shop',
    settings: { agent: 'rehearsal' },
  });
  const ada = { session, slack: slackUser(slack, 'U0ADA') };
  const note = async (given: Partial<NewNotification>): Promise<number> =>
    (await notify(session, { projectId: project, kind: 'info', title: 'Hm', ...given })).id;

  return {
    database,
    slack,
    ada,
    project,
    person,
    note,
    sql,
    ask: (given = {}) =>
      note({
        kind: 'question',
        title: 'Which licence?',
        options: [{ label: 'MIT' }, { label: 'Apache-2.0' }],
        ...given,
      }),
    async link(of, user) {
      const { code } = await newSlackCode(of);
      const said = slack.responses.length;
      await user.send(user.roadmap(`link ${code}`));
      await slack.wait(
        () => slack.responses.slice(said).some(({ text }) => /^Linked/.test(String(text))),
        'the link',
      );
    },
    async bot(settings = {}) {
      const bot = build.start(path.join(folder, `home ${bots.length}`), {
        slack_database_url: botUrl,
        slack_bot_token: 'xoxb-test',
        slack_app_token: 'xapp-test',
        slack_api_url: slack.apiUrl,
        slack_channel: 'C0TEAM',
        slack_digest_hour: 'off',
        slack_poll_s: '0.5',
        slack_lease_s: '0.5',
        slack_ping_s: '0.5',
        ...settings,
      });
      bots.push(bot);
      if (settings.crash_at === undefined) await bot.said(/ serves Slack/);
      return bot;
    },
    idle(settings = {}) {
      const bot = build.start(path.join(folder, `idle ${bots.length}`), settings);
      bots.push(bot);
      return bot;
    },
    newCode: async () => (await newSlackCode(session)).code,
    async messageOf(id) {
      const rows = await slack.wait(
        () => slack.messages.find(({ blocks }) => JSON.stringify(blocks).includes(`uestion ${id}`)),
        `a message of notification ${id}`,
      );
      return rows;
    },
    async settled() {
      const queued = `select from coffee.slack_outbox where state = 'queued'`;
      await until('nothing is queued', async () => (await sql(queued)).length === 0);
    },
    async stopBots() {
      await Promise.all(bots.splice(0).map((bot) => bot.stop()));
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.stop()));
      await Promise.all(sessions.map((one) => one.close()));
      await slack.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All text of a message as people see it, also on its buttons. */
export function textOf(blocks: unknown): string {
  const texts: string[] = [];
  JSON.stringify(blocks, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts.join('\n');
}
