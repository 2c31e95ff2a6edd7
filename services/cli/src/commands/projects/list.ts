import { listProjects, type ListedProject } from '@coffee-roadmap/shared/projects/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { renderTable } from '../../terminal/table';
import { formatUsd } from '../../words';
import { projectDocument } from './project-document';

interface ListOptions extends CommonOptions {
  all?: boolean;
}

export function registerList(projects: Command, context: Context): void {
  addVerb(projects, 'list', 'the projects of your teams', {
    examples: ['projects list', 'projects list --all --json'],
    isDefault: true,
  })
    .option('-a, --all', 'also those that are archived')
    .action((options: ListOptions) =>
      withSession(context, options, async (session, out) => {
        const projects = await listProjects(session, { archived: options.all });
        out.result({ projects: projects.map(projectDocument) }, () => render(out, projects));
      }),
    );
}

function render(out: Output, projects: ListedProject[]): string {
  if (projects.length === 0) {
    return 'There is no project yet.\ncoffee-roadmap projects add NAME REPOSITORY';
  }
  const { colours, width } = out;
  return renderTable(
    [
      { title: 'NAME', flexible: true, min: 12, paint: colours.bold },
      { title: 'TEAM', flexible: true },
      { title: 'AGENT' },
      { title: 'MERGE' },
      { title: 'OPEN', align: 'right' },
      { title: 'DONE', align: 'right' },
      { title: 'TODAY', align: 'right' },
      { title: 'REPOSITORY', flexible: true, min: 16 },
    ],
    projects.map((project) => {
      const { done = 0, ...open } = project.items;
      return [
        project.archived_at === null ? project.name : `${project.name} (archived)`,
        project.team,
        project.agent,
        project.merge,
        Object.values(open).reduce((sum, n) => sum + n, 0),
        done,
        formatUsd(project.spent_today_usd),
        project.repository,
      ];
    }),
    { width, paintTitle: colours.dim },
  );
}
