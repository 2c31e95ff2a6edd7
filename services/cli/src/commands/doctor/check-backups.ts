import { listBackups } from '@coffee-roadmap/shared/backups/list-backups';
import type { Config } from '@coffee-roadmap/shared/config/config';
import path from 'node:path';
import { ago } from '../../terminal/ago';
import type { Finding } from './finding';

const OLD_MS = 7 * 86_400_000;
const hint = 'coffee-roadmap backup create --keep 14';

/** Of a database on this machine; one elsewhere is backed up there. */
export function checkBackups({ file, paths }: Config, now: number): Finding[] {
  if (file.embedded !== true) return [];
  const check = 'backup';
  const newest = listBackups(path.join(paths.data, 'backups')).find(
    ({ problem }) => problem === undefined,
  );
  if (newest?.manifest === undefined)
    return [{ check, state: 'warn', message: 'none of this machine’s database', hint }];
  const at = new Date(newest.manifest.made_at);
  const message = `the newest was made ${ago(at, new Date(now))}`;
  return now - at.getTime() > OLD_MS
    ? [{ check, state: 'warn', message, hint }]
    : [{ check, state: 'ok', message }];
}
