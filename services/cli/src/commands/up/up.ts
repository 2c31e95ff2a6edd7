import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import type { DaemonProcess } from '@coffee-roadmap/shared/local-stack/daemon-process';
import type { DashboardProcess } from '@coffee-roadmap/shared/local-stack/dashboard-process';
import type { Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import type { Output } from '../../output';
import { withProgress } from '../../terminal/progress';
import { startDaemon } from './daemon';
import { startDashboard } from './dashboard';
import { upDatabase, type UpDatabase } from './database';
import { explainDatabase } from './explain-database';
import { showFeed } from './feed';
import { greet } from './greet';
import { offerSample } from './offer-sample';
import type { UpOptions } from './register';
import { takeTurn } from './turn';

const GOES_ON = 'npm start goes on where it was.';

/** What `npm start` runs: database, sample project if wanted, daemon; then shows what happens. */
export async function runUp(context: Context, options: UpOptions): Promise<void> {
  const out = context.output(options);
  const turn = await takeTurn(context.config().paths);
  if (turn.kind === 'taken') return joinRunning(context, options, out, turn.pid);
  const interrupts = holdInterrupts();
  let database: UpDatabase | undefined;
  let session: Session<'person'> | undefined;
  let daemon: DaemonProcess | undefined;
  let dashboard: DashboardProcess | undefined;
  try {
    database = await bringUp(context, turn.afterKill);
    session = await openAs(database);
    interrupts.check(GOES_ON);
    await offerSample(context, options, session);
    const since = new Date();
    daemon = await startDaemon(context, options, database, out);
    dashboard = await startDashboard(context, options, database, out);
    await greet(context, out, { session, database, daemon, dashboard, options });
    await showFeed(session, out, { since, signal: interrupts.signal });
    out.say('stopping …');
  } finally {
    await Promise.all([daemon?.stop(), dashboard?.stop()]);
    await session?.close();
    const stopped = await database?.stop();
    turn.end();
    interrupts.end();
    if (stopped === false && database?.source === 'own') {
      out.say('The database goes on: it was running before.');
    }
  }
  out.say(`Stopped. ${GOES_ON}`);
}

function bringUp(context: Context, afterKill: boolean): Promise<UpDatabase> {
  return withProgress(context.streams.stderr, 'bringing up the database', (progress) =>
    upDatabase(context.config(), { afterKill, log: (line) => progress.update(line) }),
  );
}

async function openAs({ url, source }: UpDatabase): Promise<Session<'person'>> {
  try {
    return await openSession(url, 'person');
  } catch (error) {
    throw source === 'own' ? error : explainDatabase(error, source);
  }
}

/** A second `up` has nothing to bring up; a sample project that it was asked for it still makes. */
async function joinRunning(
  context: Context,
  options: UpOptions,
  out: Output,
  pid: number,
): Promise<void> {
  const { databaseUrl } = context.config();
  let sample = false;
  if (databaseUrl !== undefined && (options.demo === true || options.agent !== undefined)) {
    const session = await openSession(databaseUrl, 'person');
    try {
      sample = await offerSample(context, options, session);
    } finally {
      await session.close();
    }
  }
  out.result({ type: 'already_up', pid, sample }, () =>
    [
      `It is up already, in process ${pid}${sample ? ', and has the sample project now' : ''}.`,
      'coffee-roadmap status',
    ].join('\n'),
  );
}
