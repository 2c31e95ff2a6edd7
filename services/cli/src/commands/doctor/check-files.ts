import type { Paths } from '@coffee-roadmap/shared/config/paths';
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './finding';

/** Whether others can look into what holds passwords. `uid` undefined: not asked of the files. */
export function checkFiles(paths: Paths, uid: number | undefined): Finding[] {
  const folders = [paths.config, paths.data, paths.state];
  const found = folders.flatMap((folder) => [folder, ...filesIn(folder)]).flatMap(openTo(uid));
  if (found.length > 0) return found;
  return [{ check: 'files', state: 'ok', message: 'folders and files are closed to others' }];
}

/** Files directly in it; the database and the agents' folders look after themselves. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(folder, entry.name));
  } catch {
    return [];
  }
}

const openTo =
  (uid: number | undefined) =>
  (file: string): Finding[] => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (stat === undefined || stat.isSymbolicLink()) return [];
    if (uid !== undefined && stat.uid !== uid) {
      return [
        {
          check: 'files',
          state: 'fail',
          message: `${file} belongs to another user`,
          hint: `chown -R "$USER" '${file}'`,
        },
      ];
    }
    if ((stat.mode & 0o077) === 0) return [];
    return [
      {
        check: 'files',
        state: 'fail',
        message: `${file} is open to other users`,
        hint: `chmod ${stat.isDirectory() ? '700' : '600'} '${file}'`,
      },
    ];
  };
