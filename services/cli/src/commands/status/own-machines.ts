import type { Config } from '@coffee-roadmap/shared/config/config';
import { requireOwnDatabase } from '@coffee-roadmap/shared/config/config';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { describeDatabase, type DatabasePlace } from '../../database-url';
import { readMachineRoads, roadsKnownHere, type MachineRoad } from './machine-roads';

/** One's machines, from one's own database, which may be another than the team's. */
export interface OwnMachines {
  roads: MachineRoad[];
  /** Null: the team's. */
  database: OwnDatabase | null;
}

export interface OwnDatabase extends DatabasePlace {
  /** Why it could not be read; `roads` are then what the files of this machine know. */
  problem: string | null;
}

export const hasOwnDatabase = ({ databaseUrl, teamDatabaseUrl }: Config): boolean =>
  databaseUrl !== undefined && databaseUrl !== teamDatabaseUrl;

/** `team`: an open session there, for whom it is the same database. */
export async function readOwnMachines(
  config: Config,
  team?: Session<'person'>,
): Promise<OwnMachines> {
  if (team !== undefined && !hasOwnDatabase(config))
    return { roads: await readMachineRoads(team, config), database: null };
  const url = requireOwnDatabase(config);
  const place = describeDatabase(url);
  try {
    const own = await openSession(url, 'person', { connections: 1 });
    try {
      const roads = await readMachineRoads(own, config);
      return { roads, database: { ...place, problem: null } };
    } finally {
      await own.close();
    }
  } catch (error) {
    const { message } = toAppError(error);
    return { roads: roadsKnownHere(config), database: { ...place, problem: message } };
  }
}
