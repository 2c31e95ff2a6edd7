import { removeBackup } from './backup-folder';
import { listBackups, type ListedBackup } from './list-backups';
import type { Manifest } from './manifest';

export interface Retention {
  /** So many of the newest. */
  keep?: number;
  /** Those that are younger. */
  days?: number;
}

const DAY_MS = 86_400_000;

/**
 * Which whole backups of this database may go, given that the newest was just verified: it always
 * stays. Damaged ones count for nothing and are left to people.
 */
export function chooseOld(
  backups: readonly ListedBackup[],
  of: Pick<Manifest, 'database' | 'cluster'>,
  { keep, days }: Retention,
  now: Date,
): ListedBackup[] {
  const whole = backups.filter(
    ({ manifest, problem }) =>
      problem === undefined &&
      manifest?.database === of.database &&
      manifest.cluster === of.cluster,
  );
  return whole.slice(1).filter(({ manifest }, index) => {
    const among = keep !== undefined && index + 1 < keep;
    const young =
      days !== undefined && now.getTime() - Date.parse(manifest!.made_at) < days * DAY_MS;
    return !among && !young;
  });
}

/** Removes those; their names. */
export function keepBackups(
  place: string,
  of: Manifest,
  retention: Retention,
  now: Date,
): string[] {
  if (retention.keep === undefined && retention.days === undefined) return [];
  const old = chooseOld(listBackups(place), of, retention, now);
  for (const { name } of old) removeBackup(place, name);
  return old.map(({ name }) => name);
}
