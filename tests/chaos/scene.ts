import { getNewestSeal, sealAudit, type Seal } from '@coffee-roadmap/shared/audit/queries';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { newSlackCode } from '@coffee-roadmap/shared/slack/link-queries';
import path from 'node:path';
import { buildDashboard, type DashboardProgram } from '../support/dashboard-program';
import type { DaemonProgram } from '../support/daemon-program';
import { query } from '../support/database';
import { layCable, type Cable } from '../support/cable';
import { findFaketime, makeClock, type MovedClock } from '../support/moved-clock';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres';
import { startRelay, type Relay } from '../support/relay';
import { startSlackApi, type SlackApi } from '../support/slack-api';
import { slackUser, type SlackUser } from '../support/slack-user';
import { buildSlackbot, type SlackbotProgram } from '../support/slackbot-program';
import { createStack, type Stack } from '../support/stack';
import { buildCli, type CliProgram } from '../stories/cli/program';
import { createVisitor, type Visitor } from '../stories/dashboard/visitor';

/** Everything at work at once: each program with a road to the database and a clock of its own. */
export interface Scene {
  postgres: OwnPostgres;
  stack: Stack;
  cli: CliProgram;
  /** The second daemon's; undefined where none can be laid. */
  cable: Cable | undefined;
  /** By program: `first`, `second`, `slackbot`, `dashboard`, `ada`, `http`. */
  roads: Map<string, Relay>;
  /** By program; none where libfaketime is not installed. */
  clocks: Map<string, MovedClock>;
  daemons: DaemonProgram[];
  bot: SlackbotProgram;
  dashboard: DashboardProgram;
  slack: SlackApi;
  /** A person with a login, a Slack account that is linked and a dashboard that she is signed in to. */
  ada: { url: string; slack: SlackUser; visitor: Visitor };
  /** What a program needs to live by the clock of that name. */
  clockOf(name: string): Record<string, string>;
  /** Loopback roads to the dashboard and to the database, to be cut. */
  overHttp: string;
  /** The newest seal of before anything went wrong, as an auditor keeps it outside. */
  anchor: Seal;
  urlOf(kind: Parameters<typeof ensureLogin>[1]['kind'], name: string): Promise<string>;
  /** Aborted when the scene is closed, also after a failure: nobody begins anything any more. */
  over: AbortSignal;
  /** What is waited for then. */
  busy: Promise<unknown>[];
  close(): Promise<void>;
}

const PASSWORD = 'for this test only';
/** Room for the cluster, its log of changes at its longest and what an hour brings. */
const VOLUME_MB = 320;

export async function setScene(): Promise<Scene> {
  const closing: (() => Promise<unknown> | void)[] = [];
  const over = new AbortController();
  const busy: Promise<unknown>[] = [];
  const close = async (): Promise<void> => {
    over.abort();
    await closing.pop()?.(); // programs that people and machines wait for
    await Promise.allSettled(busy);
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return { ...(await raise(closing)), over: over.signal, busy, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whatever is begun puts its end into `closing`, which go the other way round. */
async function raise(
  closing: (() => Promise<unknown> | void)[],
): Promise<Omit<Scene, 'over' | 'busy' | 'close'>> {
  const postgres = await startOwnPostgres({
    megabytes: VOLUME_MB,
    settings: { max_wal_size: '64MB', min_wal_size: '32MB' },
  });
  closing.push(() => postgres.remove());
  const roads = new Map<string, Relay>();
  closing.push(() => Promise.all([...roads.values()].map((road) => road.close())));
  const stack = await createStack(postgres.database);
  closing.push(() => stack.close());
  const socket = path.join(stack.folder, 'second.socket');
  const cable = await layCable(socket);
  closing.push(() => cable?.remove());
  const { superuserUrl, urlFor } = postgres.database;
  const { hostname: host, port } = new URL(superuserUrl);
  const library = findFaketime();
  const clocks = new Map<string, MovedClock>();

  const straight = { host, port: Number(port) };
  const roadOf = async (
    name: string,
    to = straight,
    door?: Parameters<typeof startRelay>[1],
  ): Promise<Relay> => {
    const road = await startRelay(to, door);
    roads.set(name, road);
    return road;
  };
  const clockOf = (name: string): Record<string, string> => {
    if (library === undefined) return {};
    const clock = clocks.get(name) ?? makeClock(library, path.join(stack.folder, `clock-${name}`));
    clocks.set(name, clock);
    return clock.variables;
  };
  const urlOf: Scene['urlOf'] = async (kind, name) =>
    urlFor(await ensureLogin(superuserUrl, { kind, name, password: PASSWORD }), PASSWORD);

  const { url: direct, session } = await stack.person('ada');
  const daemons: DaemonProgram[] = [];
  for (const [name, its] of [
    ['first', undefined],
    ['second', cable],
  ] as const) {
    const { url } = await roadOf(name, straight, its && { ...its, socket });
    const settings = { lease_s: '3', ...clockOf(name) };
    daemons.push(await stack.daemon(name, settings, url, its?.within));
  }

  const slack = await startSlackApi();
  closing.push(() => slack.close());
  const bot = buildSlackbot().start(path.join(stack.folder, 'home-bot'), {
    slack_database_url: (await roadOf('slackbot')).url(await urlOf('slackbot', 'slackbot')),
    slack_bot_token: 'xoxb-test',
    slack_app_token: 'xapp-test',
    slack_api_url: slack.apiUrl,
    slack_channel: 'C0TEAM',
    slack_digest_hour: 'off',
    slack_poll_s: '0.5',
    slack_lease_s: '2',
    slack_ping_s: '0.5',
    ...clockOf('slackbot'),
  });
  closing.push(() => bot.stop());
  const build = buildDashboard();
  closing.push(() => build.close());
  const toDatabase = await roadOf('dashboard');
  const dashboard = await build.start({
    database_url: toDatabase.url(await urlOf('dashboard', 'dashboard')),
    collector_url: toDatabase.url(await urlOf('collector', 'collector')),
    ...clockOf('dashboard'),
  });
  const front = await roadOf('http', {
    host: '127.0.0.1',
    port: Number(new URL(dashboard.address).port),
  });

  await bot.said(/ serves Slack/);
  const user = slackUser(slack, 'U0ADA');
  await user.send(user.roadmap(`link ${(await newSlackCode(session)).code}`));
  await slack.wait(
    () => slack.responses.some(({ text }) => /^Linked/.test(String(text))),
    'a link',
  );
  const visitor = createVisitor(dashboard.address);
  const [link] = await query<{ code: string }>(
    direct,
    'select code from coffee.new_dashboard_link()',
  );
  await visitor.post('/api/sign-in', { code: link!.code });
  const cli = buildCli();
  closing.push(() => cli.remove());

  return {
    postgres,
    stack,
    cli,
    cable,
    roads,
    clocks,
    daemons,
    bot,
    dashboard,
    slack,
    ada: { url: (await roadOf('ada')).url(direct), slack: user, visitor },
    clockOf,
    overHttp: front.url(dashboard.address),
    anchor: await keepSeal(await urlOf('auditor', 'Olga')),
    urlOf,
  };
}

async function keepSeal(url: string): Promise<Seal> {
  const auditor = await openSession(url, 'auditor');
  try {
    await sealAudit(auditor);
    return (await getNewestSeal(auditor))!;
  } finally {
    await auditor.close();
  }
}
