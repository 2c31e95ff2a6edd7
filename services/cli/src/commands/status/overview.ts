import type { Config } from '@coffee-roadmap/shared/config/config';
import { requireDatabase, requireOwnDatabase } from '@coffee-roadmap/shared/config/config';
import { listDaemons, type Daemon } from '@coffee-roadmap/shared/daemons/queries';
import { openSession, type Identity, type Session } from '@coffee-roadmap/shared/db/session';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { listProjects, type ListedProject } from '@coffee-roadmap/shared/projects/queries';
import { readMachineRoads, type MachineRoad } from './machine-roads';
import { describeDatabase, type DatabasePlace } from '../../database-url';

/** What `status` shows. */
export interface Overview {
  me: Identity;
  database: DatabasePlace & { embedded: boolean };
  daemons: Daemon[];
  questions: Notification[];
  projects: ListedProject[];
  machines: MachineRoad[];
}

export async function readOverview(session: Session<'person'>, config: Config): Promise<Overview> {
  const url = requireDatabase(config);
  const [daemons, questions, projects, machines] = await Promise.all([
    listDaemons(session),
    listNotifications(session, { open: true }),
    listProjects(session),
    readOwnMachines(session, config),
  ]);
  return {
    me: session.me,
    database: {
      ...describeDatabase(url),
      embedded: config.file.embedded === true && url === config.file.database_url,
    },
    daemons,
    questions,
    projects,
    machines,
  };
}

/** Machines live in one's own database, which may be another than the team's. */
async function readOwnMachines(team: Session<'person'>, config: Config): Promise<MachineRoad[]> {
  const url = requireOwnDatabase(config);
  if (url === requireDatabase(config)) return readMachineRoads(team, config);
  const own = await openSession(url, 'person', { connections: 1 });
  try {
    return await readMachineRoads(own, config);
  } finally {
    await own.close();
  }
}
