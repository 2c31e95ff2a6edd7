import { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectName } from '@coffee-roadmap/shared/projects/queries';

/**
 * The project that is named (`shop`, or `team/shop`), else the only one that this channel is about, else
 * the only one there is. `mine`: those that the person sees; `here`: those of the channel.
 */
export function chooseProject(
  mine: ProjectName[],
  here: ProjectName[],
  named: string | undefined,
): ProjectName {
  const live = mine.filter((project) => project.archived_at === null);
  const names = live.map(({ team, name }) => `${team}/${name}`).join(', ');
  const hint = names === '' ? 'coffee-roadmap projects add NAME REPOSITORY' : `There is: ${names}.`;
  if (named !== undefined) {
    const wanted = named.toLowerCase();
    const found = live.filter(
      ({ team, name }) =>
        name.toLowerCase() === wanted || `${team}/${name}`.toLowerCase() === wanted,
    );
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      throw new AppError('invalid_input', `there are several projects "${named}"`, { hint });
    }
    throw new AppError('not_found', `there is no project "${named}" that you see`, { hint });
  }
  const candidates = live.filter(({ id }) => here.some((project) => project.id === id));
  if (candidates.length === 1) return candidates[0]!;
  if (live.length === 1) return live[0]!;
  if (live.length === 0) throw new AppError('not_found', 'you see no project', { hint });
  throw new AppError('invalid_input', 'which project? Name it with -p', { hint });
}
