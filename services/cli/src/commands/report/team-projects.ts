import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { listProjectNames, type ProjectName } from '@coffee-roadmap/shared/projects/queries';
import type { Context } from '../../context';

/**
 * The projects of the caller's teams. Where detail is in a database of one's own, these are in the team's;
 * while that cannot be reached, a report is made without their names.
 */
export async function listTeamProjects(
  context: Context,
  own: Session<'person'>,
): Promise<readonly ProjectName[]> {
  const { databaseUrl, teamDatabaseUrl: url } = context.config();
  if (url === undefined || databaseUrl === undefined || url === databaseUrl)
    return listProjectNames(own);
  const team = await openSession(url, 'person').catch(() => undefined);
  if (team === undefined) return [];
  try {
    return await listProjectNames(team);
  } finally {
    await team.close();
  }
}
