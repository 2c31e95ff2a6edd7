import { saveConfig } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import { addProject, findTeamId, getProject } from '@coffee-roadmap/shared/projects/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { otherMachineWarning } from './other-machine';
import { projectDocument } from './project-document';
import { readRepository } from './repository-path';
import { addSettingOptions, settingsOf, type SettingOptions } from './settings';

interface AddOptions extends CommonOptions, SettingOptions {
  team?: string;
  default?: boolean;
}

export function registerAdd(projects: Command, context: Context): void {
  const add = addVerb(projects, 'add <name> <repository>', 'a new project of your team', {
    examples: [
      'projects add shop https://example.com/shop.git',
      'projects add tool . --agent rehearsal --default',
    ],
  })
    .option('--team <team>', 'the team that it belongs to; needed where you are in several')
    .option('--default', 'use it on this machine where no project is named');
  addSettingOptions(add).action((name: string, repository: string, options: AddOptions) =>
    withSession(context, options, async (session, out) => {
      const { address, warning } = readRepository(repository);
      if (warning !== undefined) out.say(`warning: ${stripEscapes(warning)}`);
      const teamId =
        options.team === undefined ? null : ((await findTeamId(session, options.team)) ?? null);
      if (options.team !== undefined && teamId === null) {
        throw new AppError('not_found', `you are in no team "${options.team}"`, {
          hint: 'coffee-roadmap teams list',
        });
      }
      const settings = settingsOf(options);
      const id = await addProject(session, { teamId, name, repository: address, settings });
      const project = await getProject(session, id);
      const { env, host, paths } = context.config();
      if (options.default === true) saveConfig(paths, { project: project.name });
      if (warning === undefined) {
        const named = { address, project: project.name, host, home: env.home };
        const lines = await otherMachineWarning(session, named);
        for (const line of lines) out.say(stripEscapes(line));
      }
      out.result(projectDocument(project), () =>
        [
          `Added ${project.name} (${project.repository}, agent ${project.agent})`,
          `coffee-roadmap roadmap add "A title" --project ${project.name}`,
        ].join('\n'),
      );
    }),
  );
}
