import {
  listBillingSettings,
  setBilling,
  type ProjectBilling,
} from '@coffee-roadmap/shared/billing/queries';
import { saveConfig } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  getProject,
  setProject,
  type Project,
  type ProjectSettings,
} from '@coffee-roadmap/shared/projects/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { formatUsd } from '../../words';
import { addBillingOptions, billingOf, billingRows, type BillingOptions } from './billing-options';
import { projectDocument } from './project-document';
import { readRepository } from './repository-path';
import { addSettingOptions, settingsOf, type SettingOptions } from './settings';

interface SetOptions extends CommonOptions, SettingOptions, BillingOptions {
  rename?: string;
  repository?: string;
  archive?: boolean;
  unarchive?: boolean;
  default?: boolean;
}

export function registerSet(projects: Command, context: Context): void {
  const set = addVerb(projects, 'set <name>', 'change a project’s settings, or show them', {
    examples: [
      'projects set shop',
      'projects set shop --budget-day 20 --merge manual',
      'projects set shop --client Acme --rounding 15m/day',
      'projects set shop --default',
    ],
  })
    .option('--rename <name>', 'a new name')
    .option('--repository <address>', 'another git address or path')
    .option('--archive', 'daemons leave it alone, lists leave it out')
    .option('--unarchive', 'take it up again')
    .option('--default', 'use it on this machine where no project is named');
  addBillingOptions(addSettingOptions(set)).action((name: string, options: SetOptions) =>
    withSession(context, options, async (session, out) => {
      const { id } = await selectProject(session, context, name);
      const repository =
        options.repository === undefined ? undefined : readRepository(options.repository);
      if (repository?.warning !== undefined)
        out.say(`warning: ${stripEscapes(repository.warning)}`);
      const settings = changesIn(options, repository?.address);
      const project =
        Object.keys(settings).length === 0
          ? await getProject(session, id)
          : await setProject(session, id, settings);
      if (options.default === true) saveConfig(context.config().paths, { project: project.name });
      const change = billingOf(options);
      const billing =
        change === undefined
          ? (await listBillingSettings(session)).find(({ project_id }) => project_id === id)
          : await setBilling(session, id, change);
      out.result({ ...projectDocument(project), billing: billing ?? null }, () =>
        render(project, billing),
      );
    }),
  );
}

function changesIn(options: SetOptions, repository: string | undefined): ProjectSettings {
  if (options.archive === true && options.unarchive === true) {
    throw new AppError('invalid_input', '--archive and --unarchive exclude each other', {
      hint: 'Pass one of them.',
    });
  }
  const settings: ProjectSettings = {
    name: options.rename,
    repository,
    archived: options.archive === true ? true : options.unarchive === true ? false : undefined,
    ...settingsOf(options),
  };
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as ProjectSettings;
}

function render(project: Project, billing: ProjectBilling | undefined): string {
  const budget = (usd: string | null): string => (usd === null ? 'no limit' : formatUsd(usd));
  const rows: [string, string][] = [
    ['name', project.name],
    ['repository', project.repository],
    ['branch', project.default_branch ?? 'the repository’s own default'],
    ['merge', project.merge],
    ['agent', [project.agent, ...(project.agent_command ?? [])].join(' ')],
    ['model', project.agent_model ?? 'the agent’s own default'],
    [
      'budget',
      `${budget(project.budget_item_usd)} a priority, ${budget(project.budget_day_usd)} a day`,
    ],
    [
      'attempts',
      `${project.max_attempts} of ${project.attempt_minutes} min at most, first pause ${project.backoff_s} s`,
    ],
    ...billingRows(billing),
    ['archived', project.archived_at === null ? 'no' : 'yes'],
  ];
  return rows.map(([label, value]) => `${`${label}:`.padEnd(12)}${stripEscapes(value)}`).join('\n');
}
