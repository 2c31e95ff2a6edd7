import type { ProjectName } from '../../projects/queries';
import { matchStreams, type ProjectLink } from '../../publishing/match-links';
import type { Stream } from '../queries';

/** Enough of an id to tell two projects apart that have no name here. */
const ID_LENGTH = 8;

/**
 * Stream → the name of the project that its time is published to; streams without one are left out. Two
 * teams' projects of one name carry their team's.
 */
export function projectNamesOf(
  streams: readonly Stream[],
  links: readonly ProjectLink[],
  projects: readonly ProjectName[],
): ReadonlyMap<string, string> {
  const names = new Map(
    projects.map(({ id, name, team }) => {
      const isShared = projects.some((other) => other.id !== id && other.name === name);
      return [id, isShared ? `${team}/${name}` : name];
    }),
  );
  return new Map(
    [...matchStreams(streams, links).projects].map(([stream, id]) => [
      stream,
      names.get(id) ?? id.slice(0, ID_LENGTH),
    ]),
  );
}
