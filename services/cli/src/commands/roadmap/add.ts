import { AppError } from '@coffee-roadmap/shared/errors';
import { addItem, getItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { editInEditor, type TitleAndBody } from '../../editor';
import { readText } from '../../read-text';
import { parseItemNumber } from '../../select-item';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from './item-document';

interface AddOptions extends ProjectOptions {
  body?: string;
  file?: string;
  edit?: boolean;
  number?: string;
  before?: string;
}

export function registerAdd(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'add [title]', 'a new priority; without a title it opens your editor', {
    examples: [
      'roadmap add "Greet people in their own language"',
      'roadmap add "Export as CSV" --file spec.md --before 3',
      'roadmap add "Export as CSV" --file - < spec.md',
    ],
  })
    .addOption(projectOption())
    .option('-b, --body <text>', 'what is wanted, in Markdown')
    .option('-f, --file <file>', 'read the text from a file; - for standard input')
    .option('-e, --edit', 'write the text in your editor')
    .option('-n, --number <number>', 'its number, such as 2.5; otherwise the next one')
    .option('--before <item>', 'put it before that priority; otherwise at the end')
    .action((title: string | undefined, options: AddOptions) =>
      withSession(context, options, async (session, out) => {
        const number = options.number === undefined ? undefined : parseItemNumber(options.number);
        const project = await selectProject(session, context, options.project);
        const before =
          options.before === undefined
            ? undefined
            : await getItem(session, project.id, parseItemNumber(options.before));
        const body =
          options.body ?? (options.file === undefined ? '' : await readText(context, options.file));
        const store = (text: TitleAndBody) =>
          addItem(session, { projectId: project.id, ...text, number, beforeId: before?.id });
        const item =
          title === undefined || options.edit === true
            ? await editInEditor(context, { title: title ?? '', body }, store)
            : await store({ title, body });
        if (item === undefined) {
          throw new AppError('failed', 'nothing was written, so nothing is added', {
            hint: 'coffee-roadmap roadmap add "A title" needs no editor.',
          });
        }
        out.result(
          itemDocument(item, project.name),
          () => `Added ${item.number}. ${stripEscapes(item.title)}`,
        );
      }),
    );
}
