import { daemonDocument } from '../daemon/daemon-document';
import { notificationDocument } from '../notifications/notification-document';
import { projectDocument } from '../projects/project-document';
import type { Overview } from './overview';
import type { OwnMachines } from './own-machines';

/** The overview as --json shows it. */
export function overviewDocument({ me, database, ...overview }: Overview): object {
  return {
    me: { id: me.id, name: me.name, admin: me.admin, teams: me.teams },
    database,
    daemons: overview.daemons.map(daemonDocument),
    questions: overview.questions.map(notificationDocument),
    projects: overview.projects.map(projectDocument),
    ...machinesDocument(overview.machines),
    spent_today_usd: spentToday(overview),
  };
}

export const machinesDocument = ({ roads, database }: OwnMachines): object => ({
  machines: roads,
  own_database: database,
});

/** USD since midnight UTC, over all projects. */
export function spentToday({ projects }: Pick<Overview, 'projects'>): number {
  return projects.reduce((sum, project) => sum + Number(project.spent_today_usd), 0);
}
