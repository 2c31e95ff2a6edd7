import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import type { Issue } from './issue';

const MOST = 5000;
const fileOf = ({ state }: Paths): string => path.join(state, 'issues.json');

/** Titles that this machine has seen, by the issue's id; for lists and reports without a network. */
export function readKnownTitles(paths: Paths): Map<string, string> {
  const { titles = {} } = readPrivateJson<{ titles?: Record<string, string> }>(fileOf(paths)) ?? {};
  return new Map(Object.entries(titles));
}

/** Remembers them, and forgets what was seen longest ago. */
export function keepTitles(paths: Paths, issues: readonly Issue[]): void {
  if (issues.length === 0) return;
  const titles = readKnownTitles(paths);
  for (const { id, title } of issues) {
    titles.delete(id);
    titles.set(id, title);
  }
  ensurePrivateFolder(paths.state);
  writePrivateJson(fileOf(paths), { titles: Object.fromEntries([...titles].slice(-MOST)) });
}
