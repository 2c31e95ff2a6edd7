import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder that holds this product's db/ and package.json, found by walking up from the running
 * file: the same code runs from libs/ under jest and from dist/ in production.
 * Throws where there is none.
 */
export function projectRoot(): string {
  const found = findProjectRoot();
  if (found === undefined) throw new Error('the coffee-roadmap folder was not found');
  return found;
}

/** Undefined for a program that was copied to a machine by itself. */
export function findProjectRoot(): string | undefined {
  let folder = __dirname;
  for (;;) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
      if (name === 'coffee-roadmap-workspace') return folder;
    }
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
