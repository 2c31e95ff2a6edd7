import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { startFailed } from './start-failed';

/** In order; /var/tmp only where /var/lib is read-only. */
const CANDIDATES = ['/var/lib/coffee-roadmap', '/var/tmp/coffee-roadmap'];

/**
 * Root's folder for what the server's account must reach when the user's own folders are closed to
 * it. Others may pass through it, not list it; one that somebody else made is never used, because
 * programs are run from it.
 */
export function sharedFolder(candidates: string[] = CANDIDATES): string {
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true });
      const found = lstatSync(folder);
      if (!found.isDirectory() || found.uid !== process.getuid?.()) continue;
      chmodSync(folder, 0o711);
      return folder;
    } catch {
      continue; // read-only, or there is a file of that name
    }
  }
  throw startFailed(
    `none of ${candidates.join(', ')} can be used for the database server`,
    `Make ${candidates[0]} a folder that root owns`,
  );
}
