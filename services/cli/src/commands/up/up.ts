import { daemonEnvironment } from '@coffee-roadmap/shared/local-stack/daemon-environment';
import {
  runDaemonProcess,
  type DaemonProcess,
} from '@coffee-roadmap/shared/local-stack/daemon-process';
import { addSample } from '@coffee-roadmap/shared/local-stack/sample';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { listProjectNames } from '@coffee-roadmap/shared/projects/queries';
import path from 'node:path';
import type { Context } from '../../context';
import type { Output } from '../../output';
import { withProgress } from '../../terminal/progress';
import { upDatabase, type UpDatabase } from './database';
import { showFeed } from './feed';
import type { UpOptions } from './register';
import { takeTurn } from './running';

/** What `npm start` runs: database, sample project if wanted, daemon; then shows what happens. */
export async function runUp(context: Context, options: UpOptions): Promise<void> {
  const out = context.output(options);
  const config = context.config();
  const turn = takeTurn(config.paths);
  if ('pid' in turn) {
    out.result(
      { already_up: true, pid: turn.pid },
      () => `It is up already, in process ${turn.pid}. See: coffee-roadmap status`,
    );
    return;
  }
  let database: UpDatabase | undefined;
  let daemon: DaemonProcess | undefined;
  let session: Session<'person'> | undefined;
  try {
    database = await withProgress(context.streams.stderr, 'bringing up the database', (progress) =>
      upDatabase(config, (line) => progress.update(line)),
    );
    session = await openSession(database.url, 'person');
    await offerSample(context, options, session);
    daemon = startDaemon(context, options, database, out);
    await greet(out, { session, database, daemon });
    await showFeed(session, out);
    out.say('stopping …');
  } finally {
    await daemon?.stop();
    await session?.close();
    await database?.stop();
    turn.end();
  }
}

/** On an empty database: with --demo made, with --empty not, else offered where one can answer. */
async function offerSample(
  context: Context,
  options: UpOptions,
  session: Session<'person'>,
): Promise<void> {
  if (options.empty === true) return;
  const empty = (await listProjectNames(session)).length === 0;
  if (options.demo !== true) {
    const { stdin, stderr } = context.streams;
    const canAsk = stdin.isTTY === true && stderr.isTTY === true && options.json !== true;
    if (!empty || !(canAsk || options.yes === true)) return;
    const question = 'Nothing here yet. Make a sample project with three priorities? [y/N]';
    if (!(await context.prompt(options).confirm(question))) return;
  }
  const folder = path.join(context.config().paths.data, 'sample');
  await addSample(session, { folder, agent: options.agent ?? 'rehearsal' });
}

function startDaemon(
  context: Context,
  options: UpOptions,
  database: UpDatabase,
  out: Output,
): DaemonProcess | undefined {
  if (!options.daemon || database.daemonUrlFile === undefined) return undefined;
  const config = context.config();
  return runDaemonProcess({
    env: daemonEnvironment(config, database.daemonUrlFile),
    logFile: path.join(config.paths.state, 'daemon.log'),
    onRestart: (code, pauseMs) =>
      out.say(
        `the daemon ended with ${code ?? 'a signal'}; it starts again in ${pauseMs / 1000} s ` +
          `(log: ${path.join(config.paths.state, 'daemon.log')})`,
      ),
  });
}

async function greet(
  out: Output,
  up: { session: Session<'person'>; database: UpDatabase; daemon: DaemonProcess | undefined },
): Promise<void> {
  const projects = (await listProjectNames(up.session)).map((project) => project.name);
  const { host } = new URL(up.database.url);
  const document = {
    type: 'up',
    person: up.session.me.name,
    database: { host, embedded: up.database.embedded },
    daemon_pid: up.daemon?.pid ?? null,
    projects,
  };
  out.event(document, () => {
    const { bold, dim } = out.colours;
    const first =
      projects.length === 0
        ? [
            '  npx coffee-roadmap projects add NAME PATH_OR_URL',
            '  npx coffee-roadmap roadmap add "What is to be done"',
          ]
        : ['  npx coffee-roadmap roadmap list', '  npx coffee-roadmap roadmap add "What is next"'];
    return [
      `${bold('Coffee Roadmap is up')} ${dim(`for ${up.session.me.name}, database ${host}`)}`,
      up.daemon === undefined
        ? dim('No daemon runs from here.')
        : dim('The daemon takes the first planned priority by itself.'),
      '',
      'In another terminal:',
      ...first,
      '  npx coffee-roadmap notifications watch',
      '',
      dim('Ctrl-C ends it; nothing is lost.'),
      '',
    ].join('\n');
  });
}
