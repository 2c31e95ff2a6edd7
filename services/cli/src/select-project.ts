import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { listProjectNames, type ProjectName } from '@coffee-roadmap/shared/projects/queries';
import type { Context } from './context';

/** The project that was named, else the configured one, else the only one. */
export async function selectProject(
  session: Session,
  context: Context,
  named: string | undefined,
): Promise<ProjectName> {
  const { env, file } = context.config();
  const configured = env.settings.project ?? file.project;
  return chooseProject(await listProjectNames(session), named, configured);
}

/**
 * `shop`, or `team/shop` where two teams have one of that name. Throws `not_found`, `not_configured`
 * (there is none at all) or `invalid_input` that lists them.
 */
export function chooseProject(
  all: readonly ProjectName[],
  named: string | undefined,
  configured: string | undefined,
): ProjectName {
  const live = all.filter((project) => project.archived_at === null);
  const wanted = named ?? configured;
  if (wanted === undefined) {
    const [only, second] = live;
    if (only === undefined) throw noProject();
    if (second !== undefined) throw ambiguous('which project?', live);
    return only;
  }
  const lower = wanted.toLowerCase();
  const matches = (named === undefined ? live : all).filter(
    ({ name, team }) => name.toLowerCase() === lower || `${team}/${name}`.toLowerCase() === lower,
  );
  const [match, other] = matches;
  if (match === undefined) throw unknown(wanted, named === undefined, live);
  if (other !== undefined) throw ambiguous(`there are several projects "${wanted}"`, matches);
  return match;
}

function noProject(): AppError {
  return new AppError('not_configured', 'there is no project yet', {
    hint: 'coffee-roadmap projects add NAME REPOSITORY',
  });
}

function ambiguous(message: string, projects: readonly ProjectName[]): AppError {
  return new AppError('invalid_input', message, {
    hint: `Name one with --project: ${listed(projects)}.`,
  });
}

function unknown(name: string, configured: boolean, live: readonly ProjectName[]): AppError {
  const where = configured ? ' (configured as the one to use)' : '';
  return new AppError('not_found', `there is no project "${name}"${where}`, {
    hint:
      live.length === 0
        ? 'coffee-roadmap projects add NAME REPOSITORY'
        : `There is: ${listed(live)}.`,
  });
}

const MOST_LISTED = 12;

function listed(projects: readonly ProjectName[]): string {
  const names = projects.map((project) => project.name.toLowerCase());
  const shown = projects
    .slice(0, MOST_LISTED)
    .map(({ name, team }) =>
      names.filter((other) => other === name.toLowerCase()).length > 1 ? `${team}/${name}` : name,
    );
  const more = projects.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
