import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';

/** What the background does, as the user said. */
export interface AutoSync {
  on: boolean;
  /** Roads on which this machine sends; the first that works is taken each time. */
  order: string[];
  /** Remotes from which this machine fetches, by the names that ssh knows. */
  fetch: string[];
  every_s: number;
}

export const LEAST_EVERY_S = 5;
const DEFAULT: AutoSync = { on: false, order: [], fetch: [], every_s: 300 };

const fileOf = (paths: Paths): string => path.join(paths.config, 'auto-sync.json');

/** An empty order stands for all roads, in their own. */
export function readAutoSync(paths: Paths): AutoSync {
  const mend = 'Mend it, or move it away and run coffee-roadmap auto-sync on again.';
  return { ...DEFAULT, ...readPrivateJson<Partial<AutoSync>>(fileOf(paths), mend) };
}

/** Changes only what is given. */
export function saveAutoSync(paths: Paths, change: Partial<AutoSync>): AutoSync {
  const settings = { ...readAutoSync(paths), ...change };
  writePrivateJson(fileOf(paths), settings);
  return settings;
}
