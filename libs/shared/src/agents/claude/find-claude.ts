import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../../config/project-root';
import type { AgentOptions } from '../agent-options';
import { findExecutable } from '../find-executable';

const PACKAGE = '@anthropic-ai/claude-code';

/** The Claude Code program where the agent runs: looked for there, or on this machine. */
export async function findClaude(options: AgentOptions): Promise<string | undefined> {
  if (options.find === undefined) return findClaudeHere(options);
  return options.find(options.program ?? 'claude', options.path);
}

/** The named one, else `claude` on PATH, else the one from our npm package. */
export function findClaudeHere(options: AgentOptions): string | undefined {
  if (options.program !== undefined) return findExecutable(options.program, options.path);
  const onPath = findExecutable('claude', options.path);
  // npm's own entry is a stub where install scripts did not run; the platform's package is real.
  if (onPath !== undefined && !onPath.includes(`/node_modules/${PACKAGE}/`)) return onPath;
  return findPackaged(options.path) ?? onPath;
}

function findPackaged(searchPath: string): string | undefined {
  const platform = `${process.platform}-${process.arch}`;
  const ours = createRequire(path.join(projectRoot(), 'package.json'));
  for (const name of [`${PACKAGE}-${platform}`, `${PACKAGE}-${platform}-musl`]) {
    try {
      const folder = path.dirname(ours.resolve(`${name}/package.json`));
      return findExecutable(path.join(folder, 'claude'), searchPath);
    } catch {
      // Not installed for this platform.
    }
  }
  return undefined;
}
