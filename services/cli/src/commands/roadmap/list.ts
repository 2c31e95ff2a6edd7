import { ROADMAP_STATES } from '@coffee-roadmap/shared/roadmap/document/roadmap-document';
import { listItems, type ItemState, type ListedItem } from '@coffee-roadmap/shared/roadmap/queries';
import { InvalidArgumentError, type Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import type { Output } from '../../output';
import { selectProject } from '../../select-project';
import { renderTable } from '../../terminal/table';
import { AS_REPORTED, count, formatSpent, paintState, stateWords } from '../../words';
import { itemDocument } from './item-document';

interface ListOptions extends ProjectOptions {
  state?: ItemState[];
  all?: boolean;
}

export function registerList(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'list', 'the priorities in the order of work', {
    examples: ['roadmap list', 'roadmap list --state planned,blocked --json'],
    isDefault: true,
  })
    .addOption(projectOption())
    .option('-s, --state <states>', `only these: ${ROADMAP_STATES.join(', ')}`, parseStates)
    .option('-a, --all', 'a long roadmap too with all that is done')
    .action((options: ListOptions) =>
      withSession(context, options, async (session, out) => {
        const project = await selectProject(session, context, options.project);
        const items = await listItems(session, { projectId: project.id, states: options.state });
        const document = {
          project: project.name,
          items: items.map((item) => itemDocument(item, project.name)),
        };
        out.result(document, () => render(out, project.name, items, options));
      }),
    );
}

/** With fewer items than this, those that are done are in nobody's way. */
const LONG = 25;

function render(out: Output, project: string, items: ListedItem[], options: ListOptions): string {
  if (items.length === 0 && options.state === undefined) {
    return `Nothing is planned in ${project} yet.\ncoffee-roadmap roadmap add "A title" begins.`;
  }
  if (items.length === 0) return 'No priority is in that state.';
  const short = options.all !== true && options.state === undefined && items.length >= LONG;
  const shown = short ? items.filter((item) => item.state !== 'done') : items;
  const { colours } = out;
  const table = renderTable(
    [
      { title: 'NO', align: 'right' },
      { title: 'STATE', paint: paintState(colours) },
      { title: 'TITLE', flexible: true, min: 20 },
      { title: 'TRIES', align: 'right' },
      { title: 'COST', align: 'right' },
    ],
    shown.map((item) => [
      item.number,
      stateWords(item),
      item.title,
      item.attempts === 0 ? '' : item.attempts,
      Number(item.cost_usd) === 0 ? '' : formatSpent(item),
    ]),
    { width: out.width, paintTitle: colours.dim },
  );
  const hidden = items.length - shown.length;
  const questions = shown.reduce((sum, item) => sum + item.open_questions, 0);
  const notes = [
    shown.some((item) => item.as_reported) ? AS_REPORTED : '',
    hidden > 0 ? `${hidden} done not shown: --all` : '',
    questions > 0
      ? colours.yellow(
          `${count(questions, 'question')} ${questions === 1 ? 'waits' : 'wait'}: coffee-roadmap notifications`,
        )
      : '',
  ].filter((note) => note !== '');
  return [table, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function parseStates(text: string): ItemState[] {
  return text.split(',').map((part) => {
    const name = part.trim().toLowerCase().replaceAll(/[ -]/g, '_');
    const state = ROADMAP_STATES.find((one) => one === name);
    if (state !== undefined) return state;
    throw new InvalidArgumentError(`The states are ${ROADMAP_STATES.join(', ')}.`);
  });
}
