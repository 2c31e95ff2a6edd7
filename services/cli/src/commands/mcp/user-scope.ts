/** The list of servers of one's own, which Claude Code writes itself: its file is not ours to touch. */
import { findClaudeHere } from '@coffee-roadmap/shared/agents/claude/find-claude';
import { AppError } from '@coffee-roadmap/shared/errors';
import { spawnSync } from 'node:child_process';
import { SERVER, type ServerEntry } from './configuration';

export function addCommand(entry: ServerEntry): string[] {
  return ['mcp', 'add-json', '--scope', 'user', SERVER, JSON.stringify(entry)];
}

export const REMOVE_COMMAND = ['mcp', 'remove', '--scope', 'user', SERVER];

/** Throws `not_configured` without Claude Code, `failed` with what it said. */
export function runClaude(searchPath: string, args: string[]): void {
  const program = findClaudeHere({ path: searchPath });
  if (program === undefined) {
    throw new AppError('not_configured', 'the Claude Code program is not installed', {
      hint: 'Without --user it is written into the project, and no program is needed.',
    });
  }
  const { status, stderr, stdout, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  const said = (stderr || stdout || error?.message || '').trim().split('\n')[0] ?? '';
  throw new AppError('failed', `Claude Code refused: ${said}`, {
    hint: 'claude mcp list shows what it has.',
  });
}
