import { listBackups } from '@coffee-roadmap/shared/backups/list-backups';
import type { Config } from '@coffee-roadmap/shared/config/config';
import type { Manifest } from '@coffee-roadmap/shared/backups/manifest';
import { DATABASE } from '@coffee-roadmap/shared/local-stack/start-database';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ago } from '../../terminal/ago';
import type { Finding } from './finding';

const OLD_MS = 7 * 86_400_000;
const hint = 'coffee-roadmap backup create --keep 14';

/** Of a database on this machine; one elsewhere is backed up there. */
export function checkBackups({ file, paths }: Config, now: number): Finding[] {
  if (file.embedded !== true) return [];
  const check = 'backup';
  const cluster = clusterIn(path.join(paths.data, 'postgres'));
  const isOfThis = (manifest: Manifest | undefined): boolean =>
    manifest?.database === DATABASE &&
    (manifest.cluster === null || cluster === undefined || manifest.cluster === cluster);
  const newest = listBackups(path.join(paths.data, 'backups')).find(
    ({ problem, manifest }) => problem === undefined && isOfThis(manifest),
  );
  if (newest?.manifest === undefined)
    return [{ check, state: 'warn', message: 'none of this machine’s database', hint }];
  const at = new Date(newest.manifest.made_at);
  const message = `the newest was made ${ago(at, new Date(now))}`;
  return now - at.getTime() > OLD_MS
    ? [{ check, state: 'warn', message, hint }]
    : [{ check, state: 'ok', message }];
}

/** By which Postgres tells clusters apart: the first eight bytes of this file. Undefined where they are not to be read. */
function clusterIn(dataDir: string): string | undefined {
  try {
    return String(readFileSync(path.join(dataDir, 'global', 'pg_control')).readBigUInt64LE());
  } catch {
    return undefined;
  }
}
