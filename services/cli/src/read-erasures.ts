import { parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import { readErasures } from '@coffee-roadmap/shared/backups/known-erasures';
import { statSync } from 'node:fs';
import type { Context } from './context';
import { readText } from './read-text';

/** Whom a file of anchors, or the folder of a backup, says to be erased; by id. */
export async function readErased(context: Context, file: string): Promise<string[]> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return readErasures(file);
  return parseErasures(await readText(context, file));
}
