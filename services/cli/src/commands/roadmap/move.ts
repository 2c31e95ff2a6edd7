import { AppError } from '@coffee-roadmap/shared/errors';
import { getItem, listItems, moveItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { parseItemNumber, selectItem } from '../../select-item';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from './item-document';

interface MoveOptions extends ProjectOptions {
  before?: string;
  after?: string;
  first?: boolean;
  last?: boolean;
}

export function registerMove(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'move <item>', 'change the order of work; numbers stay as they are', {
    examples: ['roadmap move 7 --before 3', 'roadmap move 7 --first'],
  })
    .addOption(projectOption())
    .option('--before <item>', 'put it before that priority')
    .option('--after <item>', 'put it behind that priority')
    .option('--first', 'put it before all others')
    .option('--last', 'put it behind all others')
    .action((number: string, options: MoveOptions) =>
      withSession(context, options, async (session, out) => {
        checkOne(options);
        const { project, item } = await selectItem(session, context, number, options);
        const before = await findPlace(session, project.id, item.id, options);
        const moved = before === item.id ? item : await moveItem(session, item.id, before);
        out.result(
          itemDocument(moved, project.name),
          () => `Moved ${moved.number}. ${stripEscapes(moved.title)}`,
        );
      }),
    );
}

function checkOne({ before, after, first, last }: MoveOptions): void {
  const given = [before, after, first, last].filter((place) => place !== undefined);
  if (given.length === 1) return;
  throw new AppError('invalid_input', 'say where it is to go, in one way', {
    hint: 'Use one of --before ITEM, --after ITEM, --first and --last.',
  });
}

/** The id of the item that it is to stand before; null: it goes to the end. */
async function findPlace(
  session: Session<'person'>,
  projectId: string,
  itemId: number,
  { before, after, first }: MoveOptions,
): Promise<number | null> {
  if (before !== undefined) {
    return (await getItem(session, projectId, parseItemNumber(before))).id;
  }
  if (after === undefined && first !== true) return null;
  const others = (await listItems(session, { projectId })).filter((item) => item.id !== itemId);
  if (after === undefined) return others[0]?.id ?? null;
  const neighbour = await getItem(session, projectId, parseItemNumber(after));
  if (neighbour.id === itemId) return itemId;
  return others[others.findIndex((item) => item.id === neighbour.id) + 1]?.id ?? null;
}
