import { AppError } from '@coffee-roadmap/shared/errors';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Context } from './context';

export interface TitleAndBody {
  title: string;
  body: string;
}

const NOTE =
  '<!-- coffee-roadmap: the first line is the title, the rest the text. ' +
  'Save and close to store it; leave all as it is, or empty it, to change nothing. -->';

/** What the person is given to edit. */
export function editorText({ title, body }: TitleAndBody): string {
  return `${title}\n\n${body}${body === '' || body.endsWith('\n') ? '' : '\n'}\n${NOTE}\n`;
}

/** What the person left; undefined for nothing. */
export function readEditorText(text: string): TitleAndBody | undefined {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => line !== NOTE);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) return undefined;
  const body = lines.slice(first + 1);
  while (body.length > 0 && body[0]!.trim() === '') body.shift();
  while (body.length > 0 && body.at(-1)!.trim() === '') body.pop();
  return { title: lines[first]!.trim(), body: body.join('\n') };
}

/**
 * Opens the person's editor. Undefined when nothing was changed or everything deleted. `store` gets
 * what was written; when it throws, the text stays in a file, and the error says where.
 */
export async function editInEditor<T>(
  context: Context,
  before: TitleAndBody,
  store: (after: TitleAndBody) => Promise<T>,
): Promise<T | undefined> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-'));
  const file = path.join(folder, 'priority.md');
  let keep = false;
  try {
    const text = editorText(before);
    writeFileSync(file, text, { mode: 0o600 });
    openEditor(context, file);
    const edited = readFileSync(file, 'utf8');
    const after = edited === text ? undefined : readEditorText(edited);
    if (after === undefined) return undefined;
    keep = true;
    const result = await store(after);
    keep = false;
    return result;
  } catch (error) {
    if (keep) context.streams.stderr.write(`your text is kept in ${file}\n`);
    throw error;
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** $VISUAL or $EDITOR may hold arguments (`code --wait`), so the shell reads it, as git's does. */
function openEditor(context: Context, file: string): void {
  const { stdin, stdout } = context.streams;
  const configured = context.config().env.editor;
  if (configured === undefined && stdin.isTTY !== true) {
    throw new AppError('invalid_input', 'there is no terminal for an editor', {
      hint: 'Give the title and --body or --file instead, or set EDITOR.',
    });
  }
  const editor = configured ?? 'vi';
  // Standard output is for the result alone; an editor draws on the terminal that it is given.
  const screen = stdout.isTTY === true ? 1 : 2;
  const ended = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, editor, file], {
    stdio: [0, screen, 2],
  });
  if (ended.status === 0) return;
  throw new AppError('failed', `the editor "${editor}" ended with an error; nothing is changed`, {
    hint: 'Set EDITOR to one that works, or pass --title, --body or --file.',
    cause: ended.error,
  });
}
