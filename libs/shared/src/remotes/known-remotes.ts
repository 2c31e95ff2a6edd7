import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';

/** What this hub last knew of a remote, by the name under which one reaches it from here. */
export interface KnownRemote {
  machine_id: string;
  label: string;
  program_version: string;
  last_try_at: string;
  last_success_at: string | null;
  /** Why the last try failed; null: it did not. */
  problem: string | null;
}

const fileOf = (paths: Paths): string => path.join(paths.state, 'remotes.json');

export function knownRemotes(paths: Paths): Record<string, KnownRemote> {
  return readPrivateJson<Record<string, KnownRemote>>(fileOf(paths)) ?? {};
}

/** Those of `names` from which nothing ever came: they are of no more use. */
export function forgetUnused(paths: Paths, names: readonly string[]): void {
  const kept = Object.entries(knownRemotes(paths)).filter(
    ([name, { last_success_at }]) => last_success_at !== null || !names.includes(name),
  );
  writePrivateJson(fileOf(paths), Object.fromEntries(kept));
}

/** Nothing between reading and writing gives way to other work of this process. */
export function rememberRemote(paths: Paths, name: string, change: Partial<KnownRemote>): void {
  const all = knownRemotes(paths);
  const before = Object.hasOwn(all, name) ? all[name] : undefined;
  const fresh: KnownRemote = {
    machine_id: '',
    label: '',
    program_version: '',
    last_try_at: new Date().toISOString(),
    last_success_at: null,
    problem: null,
  };
  writePrivateJson(fileOf(paths), { ...all, [name]: { ...(before ?? fresh), ...change } });
}
