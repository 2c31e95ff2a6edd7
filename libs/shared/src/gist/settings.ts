import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Config } from '../config/config';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import { AppError } from '../errors';
import type { PullMemory } from './pull';

/** gist.json: where records are shared. `remote` is a git address, `gist` the id of a gist. */
export interface GistSettings {
  remote?: string;
  branch?: string;
  gist?: string;
  /** Of the API, where it is not GitHub's own. */
  api?: string;
  auto_sync?: boolean;
  /** Files of version 1.0 are written too. */
  format?: 'v1';
  retention_days?: number;
}

const settingsFile = ({ config }: Paths): string => path.join(config, 'gist.json');

const MEND = 'Mend it, or move it away: coffee-roadmap gist setup writes it anew.';

export function findGistSettings(paths: Paths): GistSettings | undefined {
  const found = readPrivateJson<GistSettings>(settingsFile(paths), MEND);
  if (found === undefined) return undefined;
  const texts = [found.remote, found.branch, found.gist, found.api];
  const wrong = texts.some((text) => text !== undefined && typeof text !== 'string');
  if (!wrong && (found.remote === undefined) !== (found.gist === undefined)) return found;
  throw new AppError('not_configured', `${settingsFile(paths)} names no remote`, {
    hint: MEND,
  });
}

export function requireGistSettings(paths: Paths): GistSettings {
  const found = findGistSettings(paths);
  if (found) return found;
  throw new AppError('not_configured', 'no gist or git remote is set up yet', {
    hint: 'coffee-roadmap gist setup',
  });
}

export function saveGistSettings({ paths }: Config, settings: GistSettings): void {
  writePrivateJson(settingsFile(paths), settings);
}

/** What is kept about one remote between runs: losing it costs time alone. */
export interface RemoteState {
  last_push?: string;
  last_pull?: string;
  pulled?: PullMemory;
}

/** A folder of this remote alone, below the state folder. */
export function remoteFolder({ state }: Paths, { remote, gist, branch }: GistSettings): string {
  const name = JSON.stringify([remote ?? null, branch ?? null, gist ?? null]);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return path.join(state, 'remotes', hash);
}

const stateFile = (paths: Paths, settings: GistSettings): string =>
  path.join(remoteFolder(paths, settings), 'state.json');

export function readRemoteState(paths: Paths, settings: GistSettings): RemoteState {
  return readPrivateJson<RemoteState>(stateFile(paths, settings)) ?? {};
}

export function saveRemoteState(paths: Paths, settings: GistSettings, change: RemoteState): void {
  const state = { ...readRemoteState(paths, settings), ...change };
  writePrivateJson(stateFile(paths, settings), state);
}
