import { editItem, type Item } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { editInEditor } from '../../editor';
import { readText } from '../../read-text';
import { selectItem } from '../../select-item';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from './item-document';

interface EditOptions extends ProjectOptions {
  title?: string;
  body?: string;
  file?: string;
}

export function registerEdit(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'edit <item>', 'change title or text, in your editor or by options', {
    examples: ['roadmap edit 2.5', 'roadmap edit 2.5 --title "Greet everybody"'],
  })
    .addOption(projectOption())
    .option('-t, --title <title>', 'a new title')
    .option('-b, --body <text>', 'a new text, in Markdown')
    .option('-f, --file <file>', 'read the new text from a file; - for standard input')
    .action((number: string, options: EditOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        const body =
          options.file === undefined ? options.body : await readText(context, options.file);
        // The version that was read: whoever changed it meanwhile is not overwritten.
        const store = (change: { title?: string; body?: string }): Promise<Item> =>
          editItem(session, item.id, { version: item.version, ...change });
        const edited =
          options.title === undefined && body === undefined
            ? await editInEditor(context, item, store)
            : await store({ title: options.title, body });
        if (edited === undefined) out.say('nothing was changed');
        const result = edited ?? item;
        out.result(itemDocument(result, project.name), () =>
          edited === undefined ? '' : `Changed ${result.number}. ${stripEscapes(result.title)}`,
        );
      }),
    );
}
