import {
  listHistory,
  listWithdrawnHistory,
  type HistoryEntry,
} from '@coffee-roadmap/shared/roadmap/queries';
import type { ProjectName } from '@coffee-roadmap/shared/projects/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import type { Output } from '../../output';
import { parseItemNumber, selectItem } from '../../select-item';
import { selectProject } from '../../select-project';
import { renderTable } from '../../terminal/table';

export function registerHistory(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'history <item>', 'who changed what, and when', {
    examples: ['roadmap history 2.5'],
  })
    .addOption(projectOption())
    .action((number: string, options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, wanted, history } = await readHistory(session, context, number, options);
        const document = {
          project: project.name,
          number: wanted,
          history: history.map((entry) => ({
            id: entry.id,
            changed_at: entry.changed_at,
            changed_by: entry.changed_by_name,
            change: entry.change,
            before: entry.before,
            after: entry.after,
            reason: entry.reason,
          })),
        };
        out.result(document, () => render(out, history));
      }),
    );
}

/** Also of a priority that went again with the move that had brought it. */
async function readHistory(
  session: Session<'person'>,
  context: Context,
  number: string,
  options: ProjectOptions,
): Promise<{ project: ProjectName; wanted: string; history: HistoryEntry[] }> {
  const project = await selectProject(session, context, options.project);
  const wanted = parseItemNumber(number);
  const item = await selectItem(session, context, number, { project: project.name }).catch(
    async (error: unknown) => {
      const history = await listWithdrawnHistory(session, project.id, wanted);
      if (history.length === 0) throw error;
      return { history };
    },
  );
  if ('history' in item) return { project, wanted, history: item.history };
  return { project, wanted, history: await listHistory(session, item.item.id) };
}

function render(out: Output, history: HistoryEntry[]): string {
  return renderTable(
    [
      { title: 'WHEN', paint: out.colours.dim },
      { title: 'WHO', flexible: true },
      { title: 'CHANGE' },
      { title: 'WHAT', flexible: true, min: 20 },
    ],
    history.map((entry) => [
      localTime(entry.changed_at),
      entry.changed_by_name,
      entry.change,
      whatChanged(entry),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
}

/** `2026-07-01 12:03`, as the person's own clock shows it. */
export function localTime(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A line about a change: states with an arrow, a new title, the names of other fields. */
export function whatChanged(entry: Pick<HistoryEntry, 'before' | 'after' | 'reason'>): string {
  const before = fieldsOf(entry.before);
  const after = fieldsOf(entry.after);
  const parts = Object.entries(after).flatMap(([field, value]) => {
    if (field === 'state') {
      return [[before[field], value].filter((state) => state !== undefined).join(' → ')];
    }
    if (field === 'title') return value === before[field] ? [] : [`title "${String(value)}"`];
    if (field === 'body') return value === before[field] ? [] : ['text'];
    if (field === 'commit') return value === null ? [] : [`commit ${String(value).slice(0, 10)}`];
    return [];
  });
  return [...parts, entry.reason ?? ''].filter((part) => part !== '').join('; ');
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
