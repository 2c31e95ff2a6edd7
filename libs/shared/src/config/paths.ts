import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../errors';
import type { Environment } from './env';

export interface Paths {
  /** config.json. */
  config: string;
  /** machine.json, the spool, the embedded cluster, the sample project. */
  data: string;
  /** Cursors, logs, the daemon's mirrors and the agent's homes. */
  state: string;
}

/** The three XDG folders, not yet made. A relative XDG variable is ignored, as the standard says. */
export function pathsOf(env: Environment): Paths {
  const folder = (set: string | undefined, fallback: string): string =>
    path.join(
      set !== undefined && path.isAbsolute(set) ? set : path.join(env.home, fallback),
      'coffee-roadmap',
    );
  return {
    config: folder(env.xdgConfigHome, '.config'),
    data: folder(env.xdgDataHome, '.local/share'),
    state: folder(env.xdgStateHome, '.local/state'),
  };
}

/**
 * Makes a folder that only its owner can enter, and closes it if others could. Throws `not_allowed`
 * where that cannot be.
 */
export function ensurePrivateFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
    accessSync(folder, constants.W_OK);
    return folder;
  } catch (error) {
    // Without Node's code in front and the call behind, which say nothing more.
    const why = messageOf(error).replace(/^[A-Z]+: |, \w+ '.*'$/g, '');
    throw new AppError('not_allowed', `nothing can be kept in ${folder}: ${why}`, {
      hint: 'Make it writable for you alone, or set HOME or the XDG_*_HOME folders to another place.',
      cause: error,
    });
  }
}
