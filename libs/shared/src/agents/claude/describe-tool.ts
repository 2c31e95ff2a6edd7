import path from 'node:path';
import type { ContentBlock } from './messages';

/** One line for the list of steps: the tool and what it is used on. */
export function describeTool(
  { name = 'tool', input = {} }: ContentBlock,
  workspace: string,
): string {
  const file = input.file_path ?? input.notebook_path;
  if (typeof file === 'string') {
    const relative = path.relative(workspace, file);
    return `${name}: ${relative.startsWith('..') ? file : relative}`;
  }
  const telling = ['command', 'description', 'pattern', 'query', 'url', 'skill', 'subject'];
  const subject = telling.map((key) => input[key]).find((value) => typeof value === 'string');
  return subject === undefined ? name : `${name}: ${String(subject)}`;
}
