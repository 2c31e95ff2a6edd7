import { listDaemons, type Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectName } from '@coffee-roadmap/shared/projects/queries';
import { acceptItem, findItemById, type Item } from '@coffee-roadmap/shared/roadmap/queries';
import { Option, type Command } from 'commander';
import { addVerb, parseSeconds, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { follow } from '../../follow';
import { selectItem } from '../../select-item';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from './item-document';

interface AcceptOptions extends ProjectOptions {
  wait: boolean;
  timeout: number;
}

const DEFAULT_TIMEOUT_S = 120;

export function registerAccept(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'accept <item>', 'accept work under review; a daemon merges it', {
    examples: ['roadmap accept 2.5', 'roadmap accept 2.5 --no-wait'],
  })
    .addOption(projectOption())
    .option('--no-wait', 'do not wait until it is merged')
    .addOption(
      new Option('--timeout <time>', 'wait at most so long')
        .argParser(parseSeconds)
        .default(DEFAULT_TIMEOUT_S, '2m'),
    )
    .action((number: string, options: AcceptOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        let accepted = await acceptItem(session, item.id);
        if (accepted.state !== 'done' && options.wait) {
          const trouble = mergeTrouble(await listDaemons(session), project);
          if (trouble !== undefined) out.say(trouble);
          else accepted = await waitForMerge(session, context, accepted, options, out.say);
        }
        out.result(itemDocument(accepted, project.name), () => words(accepted));
      }),
    );
}

function words(item: Item): string {
  const name = `${item.number}. ${stripEscapes(item.title)}`;
  return item.state === 'done' ? `Done: ${name}` : `Accepted: ${name}`;
}

/** Why nobody merges it now; undefined: a daemon does. */
export function mergeTrouble(
  daemons: Pick<Daemon, 'name' | 'live' | 'paused_at' | 'team_ids'>[],
  project: Pick<ProjectName, 'team_id' | 'name'>,
): string | undefined {
  const serving = daemons.filter((daemon) => daemon.team_ids.includes(project.team_id));
  const live = serving.filter((daemon) => daemon.live);
  if (live.some((daemon) => daemon.paused_at === null)) return undefined;
  const later = 'it is accepted, and merged as soon as';
  return live.length > 0
    ? `${later} coffee-roadmap daemon resume: ${live.map(({ name }) => stripEscapes(name)).join(', ')} is paused`
    : `${later} a daemon runs that serves ${stripEscapes(project.name)}: none does now (npm start)`;
}

async function waitForMerge(
  session: Session<'person'>,
  context: Context,
  accepted: Item,
  options: AcceptOptions,
  say: (line: string) => void,
): Promise<Item> {
  const label = `a daemon merges ${accepted.number}`;
  const followed = await withProgress(context.streams.stderr, label, () =>
    follow(session, {
      channels: ['coffee_roadmap'],
      pollMs: 2_000,
      timeoutMs: options.timeout * 1000,
      say,
      refresh: async () => judge(await findItemById(session, accepted.id)),
    }),
  );
  if (followed.kind === 'value') {
    if (followed.value instanceof AppError) throw followed.value;
    return followed.value;
  }
  say(`not merged yet; it goes on by itself: coffee-roadmap roadmap view ${accepted.number}`);
  return (await findItemById(session, accepted.id)) ?? accepted;
}

/** The item once it is done, an error once it will not be, undefined while it is being merged. */
function judge(item: Item | undefined): Item | AppError | undefined {
  if (item === undefined) return new AppError('not_found', 'the priority is gone');
  if (item.state === 'done') return item;
  if (item.state === 'in_review' && item.accepted_at !== null) return undefined;
  const hint = `coffee-roadmap roadmap history ${item.number} says why.`;
  if (item.state === 'in_review') {
    return new AppError('git_failed', `${item.number} could not be merged`, { hint });
  }
  const reason = item.feedback === null ? '' : `: ${item.feedback.split('\n')[0]}`;
  return new AppError('conflict', `${item.number} is ${item.state} again${reason}`, { hint });
}
