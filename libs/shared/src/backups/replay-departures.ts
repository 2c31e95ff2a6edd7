import { withClient } from '@coffee-roadmap/db/backup/connect';
import { clusterOf } from '@coffee-roadmap/db/backup/contents';
import type { Departures } from '@coffee-roadmap/db/backup/departures';
import type { NamedLogin } from '@coffee-roadmap/db/backup/logins';
import {
  findUnerased,
  replayErasures,
  replayRemovals,
} from '@coffee-roadmap/db/backup/replay-departures';
import { listErasuresBeside, tellers, type KnownErasure } from './known-erasures';
import type { Manifest } from './manifest';

/** Somebody whom the backup brought back, as they are called in it. */
export interface ToldPerson {
  person: string;
  name: string;
  /** Who says that they were erased. */
  toldBy: string;
}

export interface ReplayedDepartures {
  /** Removed again, of the logins that the backup brought back. */
  removed: NamedLogin[];
  erasedAgain: ToldPerson[];
  /** Back in the database: only a backup of another database says that they were erased. */
  notErased: ToldPerson[];
  /** Roles of the server that those had who were erased. */
  logins: string[];
}

/**
 * Whoever left since the backup was made leaves again, from the database that `url`, a superuser's, names.
 * `named`: whom the person who restores says to be erased.
 */
export async function replayLeavers(
  url: string,
  { folder, manifest, database }: { folder: string; manifest: Manifest; database: string },
  named: string[],
  gone: Departures,
): Promise<ReplayedDepartures> {
  const cluster = await withClient(url, clusterOf);
  const beside = listErasuresBeside(folder, [manifest, { database, cluster }]);
  const sure: KnownErasure[] = [
    ...named.map((person) => ({ person, toldBy: '--erasures' })),
    ...gone.erased.map((one) => ({ person: one.person, toldBy: `the database ${one.database}` })),
    ...beside.own,
  ];
  const saysSo = tellers(sure);
  const erased = await replayErasures(url, [...saysSo.keys()]);
  const removed = await replayRemovals(url, gone.removed);
  const heard = tellers(beside.others);
  const back = await findUnerased(url, [...heard.keys()]);
  return {
    removed,
    erasedAgain: erased.map(({ person, name }) => ({
      ...{ person, name },
      toldBy: saysSo.get(person)!,
    })),
    notErased: back.map(({ person, name }) => ({ person, name, toldBy: heard.get(person)! })),
    logins: erased.flatMap(({ logins }) => logins),
  };
}
