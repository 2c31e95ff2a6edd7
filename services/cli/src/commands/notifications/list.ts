import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { expireNotifications } from '@coffee-roadmap/shared/questions/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, wholeNumber, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import type { Output } from '../../output';
import { selectProject } from '../../select-project';
import { ago } from '../../terminal/ago';
import { renderTable } from '../../terminal/table';
import { notificationDocument } from './notification-document';

interface ListOptions extends ProjectOptions {
  all?: boolean;
  limit: number;
}

export function registerList(notifications: Command, context: Context): void {
  addVerb(notifications, 'list', 'open questions; with --all whatever was asked and told', {
    examples: ['notifications list', 'notifications list --all --json'],
    isDefault: true,
  })
    .addOption(projectOption().default(undefined, 'all'))
    .option('-a, --all', 'also what is answered and what only tells, newest first')
    .option('--limit <n>', 'with --all: at most so many', wholeNumber(1), 30)
    .action((options: ListOptions) =>
      withSession(context, options, async (session, out) => {
        const project =
          options.project === undefined
            ? undefined
            : await selectProject(session, context, options.project);
        // Where no daemon runs, nobody else would notice that the time of one has passed.
        await expireNotifications(session);
        const notes = await listNotifications(session, {
          projectId: project?.id,
          open: options.all !== true,
          limit: options.all === true ? options.limit : undefined,
        });
        out.result({ notifications: notes.map(notificationDocument) }, () =>
          render(out, notes, options.all === true),
        );
      }),
    );
}

function render(out: Output, notes: Notification[], all: boolean): string {
  if (notes.length === 0) {
    return all ? 'Nothing has been asked or told yet.' : 'No question is open.';
  }
  const { colours } = out;
  const now = new Date();
  const table = renderTable(
    [
      { title: 'ID', align: 'right' },
      { title: 'ABOUT', flexible: true, min: 10 },
      { title: all ? 'STATE' : 'PRIORITY', paint: (text) => paint(out, text) },
      { title: 'TITLE', flexible: true, min: 24 },
      { title: all ? 'WHEN' : 'WAITS', align: 'right' },
    ],
    notes.map((note) => [
      note.id,
      note.number === null ? note.project : `${note.project}/${note.number}`,
      all ? stateOf(note) : note.priority,
      note.title,
      ago(note.created_at, now).replace(all ? '' : / ago$/, ''),
    ]),
    { width: out.width, paintTitle: colours.dim },
  );
  const first = notes[0]!;
  const hint = all
    ? `coffee-roadmap notifications show ${first.id}`
    : `coffee-roadmap respond ${first.id}   shows it and takes your answer`;
  return `${table}\n\n${colours.dim(hint)}`;
}

function stateOf({ kind, state }: Notification): string {
  if (kind !== 'question') return kind;
  return state === 'pending' ? 'open' : state.replaceAll('_', ' ');
}

function paint({ colours }: Output, text: string): string {
  if (text === 'critical' || text === 'error') return colours.red(text);
  if (text === 'high' || text === 'open' || text === 'warning') return colours.yellow(text);
  return text === 'completion' ? colours.green(text) : text;
}
