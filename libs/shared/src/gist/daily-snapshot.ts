import { backupName, parseBackupName } from '../shards/shard-name';
import type { RemoteContents } from './read-remote';
import type { Snapshot } from './store';

export const RETENTION_DAYS = 30;

/**
 * Before the first change of a day: a file that names the version as it was, with every machine's hashes,
 * so that it can be fetched and proved later. Takes away this machine's own that are older than the
 * retention. Returns the names of all that there are then.
 */
export function addDailySnapshot(
  snapshot: Snapshot,
  remote: RemoteContents,
  machineId: string,
  changes: Map<string, Buffer | null>,
  { now, retentionDays = RETENTION_DAYS }: { now: Date; retentionDays?: number },
): string[] {
  const day = dayOf(now);
  const name = backupName(machineId, day);
  const backups = new Set(remote.backups);
  const hasData = remote.machines.length > 0 || remote.filesV1.length > 0;
  if (changes.size > 0 && hasData && snapshot.version !== null && !backups.has(name)) {
    changes.set(name, backupBytes(snapshot.version, remote, now));
    backups.add(name);
  }
  const oldest = dayOf(new Date(now.getTime() - retentionDays * 86_400_000));
  for (const one of remote.backups) {
    const found = parseBackupName(one)!;
    if (found.machineId !== machineId || found.day >= oldest) continue;
    changes.set(one, null);
    backups.delete(one);
  }
  return [...backups];
}

export function backupBytes(version: string, remote: RemoteContents, now: Date): Buffer {
  const machines = remote.machines.flatMap(({ entry }) => (entry ? [entry] : []));
  const document = { version: '2.0', created_at: now.toISOString(), revision: version, machines };
  return Buffer.from(`${JSON.stringify(document)}\n`);
}

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10).replaceAll('-', '');
