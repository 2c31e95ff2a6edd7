import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import { writePrivateText } from '../../config/private-file';
import { AppError } from '../../errors';
import { hookFiles } from './hook-folder';
import { tmuxConfiguration, tmuxRemoval, tmuxScript } from './scripts';

const MARK = '# coffee-roadmap hooks';

/** Where tmux reads its configuration from: whichever is there, else the one in the home. */
export function tmuxConfigFile(home: string, xdgConfig: string): string {
  const own = path.join(home, '.tmux.conf');
  const xdg = path.join(xdgConfig, 'tmux', 'tmux.conf');
  return !existsSync(own) && existsSync(xdg) ? xdg : own;
}

export interface TmuxHooks {
  configuration: string;
  installed: boolean;
  /** Whether a server that runs has them; null where none runs. */
  active: boolean | null;
}

/** Writes the script, has tmux's configuration read ours, and tells a server that runs. */
export function installTmux(paths: Paths, configuration: string): TmuxHooks {
  const files = hookFiles(paths);
  if (/['"#\n]/.test(files.tmuxScript))
    throw new AppError('invalid_input', `tmux cannot be told of ${files.tmuxScript}`, {
      hint: 'Set XDG_STATE_HOME to a folder without quotes and # in its name.',
    });
  ensurePrivateFolder(files.folder);
  writePrivateText(files.tmuxScript, tmuxScript(files.log));
  writePrivateText(files.tmuxConfiguration, tmuxConfiguration(files.tmuxScript));
  const text = read(configuration);
  if (!text.includes(MARK)) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    const line = `source-file -q "${files.tmuxConfiguration.replace(/[\\$]/g, '\\$&')}" ${MARK}\n`;
    writeFileSync(configuration, `${text}${gap}${line}`);
  }
  if (isRunning()) tmux(['source-file', files.tmuxConfiguration]);
  return tmuxStatus(configuration);
}

export function removeTmux(configuration: string): TmuxHooks {
  const text = read(configuration);
  const kept = text.split('\n').filter((line) => !line.endsWith(MARK));
  if (kept.length < text.split('\n').length) writeFileSync(configuration, kept.join('\n'));
  if (isRunning()) for (const call of tmuxRemoval()) tmux(call);
  return tmuxStatus(configuration);
}

export function tmuxStatus(configuration: string): TmuxHooks {
  const installed = read(configuration).includes(MARK);
  const shown = isRunning() ? tmux(['show-hooks', '-g']) : undefined;
  return { configuration, installed, active: shown?.includes('tmux.sh') ?? null };
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const isRunning = (): boolean => tmux(['list-sessions']) !== undefined;

/** Undefined where tmux is not there or refuses. */
function tmux(args: string[]): string | undefined {
  const { status, stdout } = spawnSync('tmux', args, { encoding: 'utf8', timeout: 5_000 });
  return status === 0 ? stdout : undefined;
}
