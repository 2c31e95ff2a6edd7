import { findExecutable } from '@coffee-roadmap/shared/agents/find-executable';
import path from 'node:path';
import { PROGRAM } from '../../called-as';
import type { ServerEntry } from './configuration';

/** By its name where that is found, so that the file fits every machine; else by its path here. */
export function serverEntry(
  searchPath: string,
  project: string | undefined,
  script = process.argv[1]!,
): ServerEntry {
  const args = ['mcp', 'serve', ...(project === undefined ? [] : ['--project', project])];
  // npx puts folders into PATH that Claude Code will not have in its own.
  const lasting = searchPath
    .split(path.delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  if (findExecutable(PROGRAM, lasting.join(path.delimiter)) !== undefined) {
    return { type: 'stdio', command: PROGRAM, args };
  }
  return { type: 'stdio', command: process.execPath, args: [path.resolve(script), ...args] };
}
