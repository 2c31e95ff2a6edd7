import { requireDatabase, requireOwnDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { newOwnLink } from '@coffee-roadmap/shared/dashboard/own-links';
import { runDashboardProcess } from '@coffee-roadmap/shared/local-stack/dashboard-process';
import { findRunningDashboard } from '@coffee-roadmap/shared/local-stack/running-dashboard';
import { Option, type Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { withProgress } from '../../terminal/progress';
import { findDashboard, makeLink } from './make-link';
import { listSessions, revokeSessions } from './sessions';

interface DashboardOptions extends CommonOptions {
  port?: number;
  link?: boolean;
  own?: boolean;
  sessions?: boolean;
  revoke?: string;
}

export function registerDashboard(program: Command, context: Context): void {
  addVerb(program, 'dashboard', 'the web page, with your own login; stays until Ctrl-C', {
    examples: [
      'dashboard',
      'dashboard --port 8080',
      'dashboard --link',
      'dashboard --sessions',
      'dashboard --revoke 0f3a91c2',
    ],
    ndjson: true,
  })
    .option('--port <number>', 'where it listens on this machine (4780)', wholeNumber())
    .option('--own', 'of your own database, with your time, where the team has another')
    .option('--link', 'only a one-time link to the one that runs')
    .addOption(
      new Option('--sessions', 'only list where you are signed in').conflicts(['link', 'revoke']),
    )
    .addOption(
      new Option('--revoke <id>', 'only sign out there, or "all": everywhere').conflicts('link'),
    )
    .action((options: DashboardOptions) => {
      const { link, sessions, revoke } = options;
      if (revoke !== undefined) return revokeSessions(context, { ...options, revoke });
      if (sessions === true) return listSessions(context, options);
      return link === true ? printLink(context, options) : runDashboard(context, options);
    });
}

async function printLink(context: Context, options: DashboardOptions): Promise<void> {
  const config = context.config();
  const out = context.output(options);
  const made = await makeLink(config, findDashboard(config), async (work) => {
    let result: Awaited<ReturnType<typeof work>> | undefined;
    await withSession(context, options, async (session) => {
      result = await work(session);
    });
    return result!;
  });
  out.result({ link: made.link, expires_at: made.expiresAt }, () =>
    [
      'Open this within ten minutes; it works once and signs that browser in as you:',
      '',
      `  ${made.link}`,
    ].join('\n'),
  );
}

async function runDashboard(context: Context, options: DashboardOptions): Promise<void> {
  const config = context.config();
  const out = context.output(options);
  const [ownUrl, teamUrl] = [requireOwnDatabase(config), requireDatabase(config)];
  const personUrl = options.own === true ? ownUrl : teamUrl;
  await (await openSession(personUrl, 'person')).close(); // says now what is wrong with the login
  const running = findRunningDashboard(config.paths);
  if (running !== undefined) {
    throw new AppError('conflict', `it runs already: ${running.address}`, {
      hint: 'coffee-roadmap dashboard --link signs a browser in.',
    });
  }
  const interrupts = holdInterrupts();
  const complaints: string[] = [];
  const dashboard = await withProgress(context.streams.stderr, 'starting the dashboard', () =>
    runDashboardProcess({
      config,
      personUrl,
      port: options.port,
      onEnded: (end) => complaints.push(...end.complaint),
    }),
  );
  try {
    if (dashboard === undefined) {
      throw new AppError('failed', complaints[0] ?? 'the dashboard does not start', {
        hint: complaints[1] ?? 'Its log: dashboard.log in the state folder.',
      });
    }
    const { code, expiresAt } = newOwnLink(config.paths.state);
    const link = `${dashboard.address}/sign-in#${code}`;
    out.event({ type: 'dashboard', address: dashboard.address, link, expires_at: expiresAt }, () =>
      [
        'The dashboard is up. This signs one browser in, once, within ten minutes:',
        '',
        `  ${link}`,
        '',
        'coffee-roadmap dashboard --link prints another. Ctrl-C stops it.',
        ...(personUrl === ownUrl
          ? []
          : ['Your time is in your own database: coffee-roadmap dashboard --own shows it.']),
      ].join('\n'),
    );
    await aborted(interrupts.signal);
  } finally {
    await dashboard?.stop();
    interrupts.end();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
