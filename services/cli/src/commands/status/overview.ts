import type { Config } from '@coffee-roadmap/shared/config/config';
import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { listDaemons, type Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Identity, Session } from '@coffee-roadmap/shared/db/session';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { listProjects, type ListedProject } from '@coffee-roadmap/shared/projects/queries';
import { describeDatabase, type DatabasePlace } from '../../database-url';
import { readOwnMachines, type OwnMachines } from './own-machines';

/** What `status` shows. */
export interface Overview {
  me: Identity;
  database: DatabasePlace & { embedded: boolean };
  daemons: Daemon[];
  questions: Notification[];
  projects: ListedProject[];
  machines: OwnMachines;
}

export async function readOverview(session: Session<'person'>, config: Config): Promise<Overview> {
  const url = requireDatabase(config);
  const [daemons, questions, projects, machines] = await Promise.all([
    listDaemons(session),
    listNotifications(session, { open: true }),
    listProjects(session),
    readOwnMachines(config, session),
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
