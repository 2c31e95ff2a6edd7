import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Not PATH: what wraps an agent must not be chosen by a folder that somebody else can write to. */
const SYSTEM_FOLDERS = [
  '/usr/bin',
  '/bin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/bin',
  '/run/current-system/sw/bin',
];

/** The absolute path of a program of the system, e.g. `setpriv`. */
export function findSystemProgram(name: string): string | undefined {
  return SYSTEM_FOLDERS.map((folder) => path.join(folder, name)).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
