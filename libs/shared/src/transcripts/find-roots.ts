import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';

export interface RootSettings {
  home: string;
  xdgConfigHome: string | undefined;
  claudeConfigDir: string | undefined;
}

/**
 * The folders that hold transcripts: of each entry of CLAUDE_CONFIG_DIR (separated by commas; a config
 * folder or its `projects`), else of both places where Claude Code has kept them. Those that do not
 * exist are left out; throws `not_configured` where the variable names none that does.
 */
export function findRoots({ home, xdgConfigHome, claudeConfigDir }: RootSettings): string[] {
  if (claudeConfigDir === undefined) {
    const config = xdgConfigHome ?? path.join(home, '.config');
    return existing([path.join(config, 'claude'), path.join(home, '.claude')].map(projectsIn));
  }
  const named = claudeConfigDir
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => entry.replace(/^~(?=$|\/)/, home))
    .map((entry) => path.resolve(entry));
  const roots = existing(
    named.map((entry) => (path.basename(entry) === 'projects' ? entry : projectsIn(entry))),
  );
  if (roots.length > 0) return roots;
  throw new AppError('not_configured', 'CLAUDE_CONFIG_DIR names no folder with transcripts', {
    hint: 'It lists folders such as ~/.claude, separated by commas; without it both usual places are read.',
  });
}

const projectsIn = (folder: string): string => path.join(folder, 'projects');

/** Each once, also where one is a link to another. */
function existing(folders: string[]): string[] {
  const real = folders.flatMap((folder) => {
    try {
      return statSync(folder).isDirectory() ? [realpathSync(folder)] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(real)];
}
