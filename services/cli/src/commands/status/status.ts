import { AppError, isAppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { follow } from '../../follow';
import type { Output } from '../../output';
import { readOverview, type Overview } from './overview';
import { machinesDocument, overviewDocument } from './overview-document';
import { hasOwnDatabase, readOwnMachines } from './own-machines';
import { renderMachines } from './render-machine-roads';
import { renderOverview } from './render-overview';

interface StatusOptions extends CommonOptions {
  watch?: boolean;
}

export function registerStatus(program: Command, context: Context): void {
  addVerb(program, 'status', 'who you are, what the daemons do, what waits for you', {
    examples: ['status', 'status --watch', 'status --json'],
  })
    .option('-w, --watch', 'show it anew whenever something changes; with --json a line each')
    .action(async (options: StatusOptions) => {
      const work = withSession(context, options, async (session, out) => {
        const read = (): Promise<Overview> => readOverview(session, context.config());
        if (options.watch !== true) {
          const overview = await read();
          out.result(overviewDocument(overview), () => renderOverview(out, overview, new Date()));
          return;
        }
        const show = createScreen(context, out);
        await follow(session, {
          channels: ['coffee_roadmap', 'coffee_notifications', 'coffee_progress', 'coffee_control'],
          // Heartbeats come without a hint.
          pollMs: 5_000,
          say: out.say,
          refresh: async () => void show(await read()),
        });
      });
      await work.catch(async (error: unknown) => {
        throw options.watch === true ? error : await afterOwnMachines(context, options, error);
      });
    });
}

/** Where the team's database is away and one's own is another, what that knows is shown before the error. */
async function afterOwnMachines(
  context: Context,
  options: CommonOptions,
  error: unknown,
): Promise<unknown> {
  if (!isAppError(error) || error.code !== 'not_reachable') return error;
  if (!hasOwnDatabase(context.config())) return error;
  const out = context.output(options);
  const machines = await readOwnMachines(context.config());
  out.result(machinesDocument(machines), () => renderMachines(out, machines, new Date()));
  const message = error.message.replace(/^the database/, 'the team’s database');
  return new AppError(error.code, message, { hint: error.hint, cause: error });
}

const HOME_AND_CLEAR = '\x1b[H\x1b[J';

/** On a terminal one screen that is drawn anew, else a block whenever it says something else. */
function createScreen(context: Context, out: Output): (overview: Overview) => void {
  const screen = context.streams.stdout.isTTY === true && !out.json;
  let before = '';
  return (overview) => {
    const document = overviewDocument(overview);
    const now = new Date();
    if (screen) {
      out.event(document, () => `${HOME_AND_CLEAR}${renderOverview(out, overview, now)}`);
      return;
    }
    const said = JSON.stringify(document, (key, value: unknown) =>
      key === 'heartbeat_at' ? undefined : value,
    );
    if (said === before) return;
    before = said;
    out.event(document, () => `${renderOverview(out, overview, now)}\n`);
  };
}
