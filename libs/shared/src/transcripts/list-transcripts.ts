import { lstatSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';

export interface TranscriptFile {
  path: string;
  size: number;
  modifiedMs: number;
}

export interface Listing {
  files: TranscriptFile[];
  folders: string[];
  /** What could not be looked into, with the reason. */
  problems: { path: string; message: string }[];
}

/** All `*.jsonl` below the roots, sorted by path; links are followed, each folder once. */
export function listTranscripts(roots: readonly string[]): Listing {
  const listing: Listing = { files: [], folders: [], problems: [] };
  const seen = new Set<string>();
  for (const root of roots) walk(root, listing, seen);
  listing.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return listing;
}

function walk(folder: string, listing: Listing, seen: Set<string>): void {
  let entries: Dirent[];
  try {
    if (seen.has(folder)) return;
    seen.add(folder);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    problem(listing, folder, error);
    return;
  }
  listing.folders.push(folder);
  for (const entry of entries) {
    const name = `${folder}${path.sep}${entry.name}`; // join would look at each letter
    if (entry.isDirectory()) walk(name, listing, seen);
    else if (entry.isSymbolicLink()) followLink(name, listing, seen);
    else if (entry.isFile() && name.endsWith('.jsonl')) addFile(name, listing);
  }
}

function addFile(name: string, listing: Listing): void {
  try {
    const { size, mtimeMs } = lstatSync(name);
    listing.files.push({ path: name, size, modifiedMs: mtimeMs });
  } catch (error) {
    problem(listing, name, error);
  }
}

function followLink(name: string, listing: Listing, seen: Set<string>): void {
  try {
    const real = realpathSync(name);
    if (statSync(real).isDirectory()) walk(real, listing, seen);
    else if (real.endsWith('.jsonl') && !listing.files.some(({ path: known }) => known === real))
      addFile(real, listing);
  } catch (error) {
    problem(listing, name, error);
  }
}

/** What vanished meanwhile is no problem. */
function problem(listing: Listing, name: string, error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT') listing.problems.push({ path: name, message });
}
