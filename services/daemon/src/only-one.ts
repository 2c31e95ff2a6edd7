import { AppError } from '@coffee-roadmap/shared/errors';
import { isAlive, processIdentity } from '@coffee-roadmap/shared/postgres/processes';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Notes that this process works in the folder; returns what takes the note back. Two processes of one
 * daemon would share agents' clones. Throws `conflict` while another one lives.
 */
export function beOnlyOne(folder: string, name: string): () => void {
  const file = path.join(folder, 'process');
  for (;;) {
    try {
      writeFileSync(file, processIdentity(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const identity = readFileSync(file, 'utf8');
    const pid = Number.parseInt(identity, 10);
    if (isAlive(pid) && processIdentity(pid) === identity) {
      throw new AppError('conflict', `${name} runs here already (process ${pid})`, {
        hint: `End it first (kill ${pid}), or name another COFFEE_ROADMAP_DAEMON_FOLDER.`,
      });
    }
    rmSync(file, { force: true });
  }
}
