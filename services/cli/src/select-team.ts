import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { findTeamId } from '@coffee-roadmap/shared/projects/queries';

export interface TeamName {
  id: string;
  name: string;
}

/** The team that was named, else the only one that the caller manages, else the only one. */
export async function selectTeam(
  session: Session<'person'>,
  named: string | undefined,
): Promise<TeamName> {
  const { manages, teams } = session.me;
  const candidates = manages.length > 0 ? manages : teams;
  const name = named ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (name === undefined) {
    throw new AppError('invalid_input', 'which team?', {
      hint: `Name one with --team: ${candidates.join(', ')}.`,
    });
  }
  const id = await findTeamId(session, name);
  if (id !== undefined) return { id, name };
  throw new AppError('not_found', `there is no team "${name}" of yours`, {
    hint: 'coffee-roadmap teams list',
  });
}
