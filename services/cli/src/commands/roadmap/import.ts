import { AppError } from '@coffee-roadmap/shared/errors';
import { parseRoadmap } from '@coffee-roadmap/shared/roadmap/document/parse-roadmap';
import type { RoadmapProblem } from '@coffee-roadmap/shared/roadmap/document/roadmap-document';
import { importRoadmap, type RoadmapImport } from '@coffee-roadmap/shared/roadmap/import-roadmap';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { readText } from '../../read-text';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withProgress } from '../../terminal/progress';
import { renderImport } from './render-import';

interface ImportOptions extends ProjectOptions {
  dryRun?: boolean;
}

export function registerImport(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'import <file>', 'take over a ROADMAP.md; deletes nothing', {
    examples: ['roadmap import ROADMAP.md --dry-run', 'roadmap import - < ROADMAP.md'],
  })
    .addOption(projectOption())
    .option('-n, --dry-run', 'only say what would change')
    .action((file: string, options: ImportOptions) =>
      withSession(context, options, async (session, out) => {
        const project = await selectProject(session, context, options.project);
        const document = parseRoadmap(await readText(context, file));
        const { problems } = document;
        for (const problem of problems) out.say(problemLine(file, problem));
        if (problems.some((problem) => problem.level === 'error')) {
          throw new AppError('invalid_input', `${file} cannot be imported as it is`, {
            hint: 'Mend the lines marked "error" and import it again; nothing was changed.',
          });
        }
        const { dryRun } = options;
        const done = await withProgress(context.streams.stderr, 'importing', () =>
          importRoadmap(session, project.id, document, { dryRun }),
        );
        out.result(importDocument(project.name, done, problems, dryRun === true), () =>
          renderImport(out, done, dryRun === true),
        );
      }),
    );
}

function problemLine(file: string, { line, level, message }: RoadmapProblem): string {
  return `${file}:${line}: ${level}: ${stripEscapes(message)}`;
}

function importDocument(
  project: string,
  { diff, moved, preambleChanged, unchanged }: RoadmapImport,
  problems: RoadmapProblem[],
  dryRun: boolean,
): object {
  return {
    project,
    dry_run: dryRun,
    unchanged,
    added: diff.add.map(({ number, title, state }) => ({ number, title, state })),
    changed: diff.change.map(({ number, fields }) => ({ number, fields: Object.keys(fields) })),
    moved,
    preamble_changed: preambleChanged,
    same: diff.same,
    missing_in_file: diff.missingInFile,
    kept: diff.kept.map(({ number, state, inFile, reason }) => ({
      number,
      state,
      in_file: inFile,
      reason,
    })),
    unheld: diff.unheld,
    problems,
  };
}
