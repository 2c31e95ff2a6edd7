import { formatRoadmap } from '@coffee-roadmap/shared/roadmap/document/format-roadmap';
import { readRoadmap } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { replaceFile } from '../../replace-file';
import { selectProject } from '../../select-project';
import { count } from '../../words';

export function registerExport(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'export [file]', 'write a ROADMAP.md; without a file to standard output', {
    examples: ['roadmap export ROADMAP.md', 'roadmap export | less'],
  })
    .addOption(projectOption())
    .action((file: string | undefined, options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const project = await selectProject(session, context, options.project);
        const roadmap = await readRoadmap(session, project.id);
        const text = formatRoadmap(roadmap);
        const items = roadmap.items.length;
        if (file === undefined || file === '-') {
          if (!out.json) out.raw(text);
          else out.result({ project: project.name, items, roadmap: text }, () => '');
          return;
        }
        const changed = replaceFile(file, text);
        out.result({ project: project.name, items, file, changed }, () =>
          changed
            ? `Wrote ${count(items, 'priority', 'priorities')} to ${file}`
            : `${file} says the same already`,
        );
      }),
    );
}
