import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../errors';
import type { Zone } from '../../time/periods/zone';
import { isFolder, readJson } from '../files/source-file';
import { isSessionsTable, readSessionsTable } from './read-sessions-table';
import { isTaskTimes, readTaskTimes } from './read-task-times';
import { readUserFile } from './read-user-file';
import type { ToldTime } from './told-time';

/** Both places of version 1, the older first. */
export const TASK_TIMES = ['.task-times.json', '.flowforge/billing/time-tracking.json'];
const TABLES = [
  'SESSIONS.md',
  '.flowforge/SESSIONS.md',
  'docs/SESSIONS.md',
  'docs/development/SESSIONS.md',
  'documentation/SESSIONS.md',
  'documentation/development/SESSIONS.md',
];
/** Folders of `.flowforge` whose files say what a person or a team did. */
const FOLDERS = ['user', 'developers', 'sessions', 'team/summaries'];
const DEEPEST = 6;
const MOST_TABLE_BYTES = 16 * 1024 * 1024;

export interface FlowForge {
  /** The project's folder. */
  folder: string;
  times: ToldTime[];
}

/** The project that a file of FlowForge is of. */
export function projectFolder(source: string): string {
  const whole = path.resolve(source);
  const [before] = whole.split(`${path.sep}.flowforge`);
  if (before !== whole) return before === '' ? path.sep : before!;
  return isFolder(whole) ? whole : path.dirname(whole);
}

/** Reads a file, or everything in a project's folder. Throws `invalid_input` where nothing is FlowForge's. */
export function readFlowForge(source: string, zone: Zone, now: number): FlowForge {
  const folder = projectFolder(source);
  const single = !isFolder(source);
  const files = single ? [path.resolve(source)] : listFiles(folder);
  const found = files.flatMap((file) => {
    const times = readOne(file, path.relative(folder, file), zone, now, single);
    return times === undefined ? [] : [times];
  });
  if (found.length === 0)
    throw new AppError('invalid_input', `no times of FlowForge are in ${source}`, {
      hint: 'Name a project’s folder, its .task-times.json, time-tracking.json or SESSIONS.md.',
    });
  return { folder, times: found.flat() };
}

/** What is most exact first: what a later one repeats is known by then. */
function listFiles(folder: string): string[] {
  const there = (names: readonly string[]): string[] =>
    names.map((name) => path.join(folder, name)).filter((file) => existsSync(file));
  const forge = path.join(folder, '.flowforge');
  const spaces = existsSync(forge) ? readdirSync(forge).sort() : [];
  return [
    ...there(TASK_TIMES),
    ...there(spaces.map((name) => `.flowforge/${name}/.task-times.json`)),
    ...FOLDERS.flatMap((name) => walk(path.join(forge, name), DEEPEST)),
    ...there(TABLES),
  ];
}

function walk(folder: string, depth: number): string[] {
  if (depth === 0 || lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return walk(file, depth - 1);
      return entry.isFile() && entry.name.endsWith('.json') ? [file] : [];
    });
}

/** Undefined for a file of something else. */
function readOne(
  file: string,
  name: string,
  zone: Zone,
  now: number,
  single: boolean,
): ToldTime[] | undefined {
  if (file.endsWith('.md')) {
    if (lstatSync(file).size > MOST_TABLE_BYTES) return undefined;
    const text = readFileSync(file, 'utf8');
    return isSessionsTable(text) ? [...readSessionsTable(text, name, zone, now)] : undefined;
  }
  let document: unknown;
  try {
    document = readJson(file);
  } catch (error) {
    if (single) throw error;
    // One that is being written, or was cut off, is no reason to leave the others.
    const told = { person: null, task: '', day: null, seconds: 0 };
    return [{ kind: 'wrong', row: name, reason: 'unreadable', ...told }];
  }
  const person = /(?:^|\/)(?:user|developers)\/([^/]+)\//.exec(name)?.[1] ?? null;
  const told = readUserFile(document, name, person, now);
  if (told !== undefined) return told;
  return isTaskTimes(document) ? [...readTaskTimes(document, name, person, now)] : undefined;
}

/** The project, at this folder or above it up to the repository's top, in which FlowForge keeps times. */
export function findFlowForge(folder: string): string | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (TASK_TIMES.some((name) => existsSync(path.join(at, name)))) return at;
    if (existsSync(path.join(at, '.git')) || path.dirname(at) === at) return undefined;
  }
}
