import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../../errors';
import { readEvent } from '../../traces/read-event';
import { withStableId } from '../../traces/stable-id';
import type { TraceEvent } from '../../traces/trace-event';
import { isFolder, isSqlite } from '../files/source-file';
import { openSqlite } from '../files/sqlite';
import type { MoveContext } from '../kinds';
import { moveNotifications, moveTraces, type MovedNotification } from '../queries';
import { moveRoadmap } from './move-roadmap';
import { readDeveloper } from './read-developer';
import { readNotifications, type NotificationRow } from './read-notifications';
import { readTraces, TRACE_TABLES, type TraceRow } from './read-traces';

const AT_ONCE = 1000;
/** Prompts are long: a batch is handed in before it has more characters than this. */
const MOST_TEXT = 4 * 1024 * 1024;
const DEVELOPER = 'developer_status.json';
/** Where its repository has it, below the folder that is named; the first counts. */
const ROADMAPS = ['ROADMAP.md', 'docs/roadmap/ROADMAP.md', 'docs/ROADMAP.md'];

/** Traces, notifications, the developer's status and the roadmap of coffee_maker, into a project. */
export async function moveCoffeeMaker(context: MoveContext): Promise<void> {
  const { path: source } = context;
  const { projectId } = context;
  if (projectId === undefined)
    throw new AppError('invalid_input', 'this is moved into a project', { hint: '--project NAME' });
  const files = filesOf(source);
  let found = false;
  for (const file of files) {
    const name = path.basename(file);
    if (name === DEVELOPER) {
      await hand(context, projectId, readDeveloper(file, name));
      found = true;
      continue;
    }
    if (name.toLowerCase().endsWith('.md')) {
      await moveRoadmap(context, projectId, file);
      found = true;
      continue;
    }
    const database = openSqlite(file);
    try {
      for (const table of TRACE_TABLES.filter((one) => database.tables.has(one))) {
        await hand(context, projectId, readTraces(database, table, name));
        found = true;
      }
      if (isOfNotifications(database.columns('notifications'))) {
        await handNotifications(context, projectId, readNotifications(database, name));
        found = true;
      }
    } finally {
      database.close();
    }
  }
  if (!found)
    throw new AppError('invalid_input', `nothing of coffee_maker is in ${source}`, {
      hint: 'Name its folder, or langfuse_traces.db, notifications.db, analytics.db, developer_status.json or ROADMAP.md.',
    });
}

function isOfNotifications(columns: ReadonlySet<string>): boolean {
  return ['type', 'title', 'status', 'created_at'].every((name) => columns.has(name));
}

/** SQLite files and the developer's status in a folder and its `data`, and its roadmap, or what was named. */
function filesOf(source: string): string[] {
  if (!isFolder(source)) return [source];
  const roadmap = ROADMAPS.map((name) => path.join(source, name)).find((file) => existsSync(file));
  const data = [source, path.join(source, 'data')]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .filter((name) => name === DEVELOPER || name.endsWith('.db'))
        .map((name) => path.join(folder, name)),
    )
    .filter((file) => path.basename(file) === DEVELOPER || isSqlite(file));
  return roadmap === undefined ? data : [roadmap, ...data];
}

async function hand(
  { session, tally, signal, onProgress }: MoveContext,
  projectId: string,
  rows: Iterable<TraceRow>,
): Promise<void> {
  let waiting: TraceEvent[] = [];
  let size = 0;
  const places = new Map<string, string>();
  const ids = new Set<string>();
  const send = async (): Promise<void> => {
    const { refused_rows, ...counts } = await moveTraces(session, projectId, waiting);
    tally.add(counts);
    tally.list(refused_rows.map(({ id, reason }) => ({ row: places.get(id) ?? id, reason })));
    waiting = [];
    size = 0;
    places.clear();
    ids.clear();
  };
  for (const found of rows) {
    signal?.throwIfAborted();
    tally.read++;
    onProgress?.(tally.read);
    if ('reason' in found) {
      tally.refuse(found.row, found.reason);
      continue;
    }
    const event = read(found);
    if (typeof event === 'string') {
      tally.refuse(found.row, 'bad_field', event);
      continue;
    }
    const kind = found.said.type.replace('-create', 's');
    tally.sum(kind, 1);
    if (kind === 'generations') {
      const { usageDetails: used, costDetails: cost } = event.body as Record<
        string,
        Record<string, number> | undefined
      >;
      tally.sum('tokens', (used?.input ?? 0) + (used?.output ?? 0));
      tally.sum('cost_usd', cost?.total ?? (cost?.input ?? 0) + (cost?.output ?? 0));
    }
    // Of two rows of one id each is handed in by itself, so that what becomes of it is known.
    if (ids.has(event.body.id)) await send();
    ids.add(event.body.id);
    places.set(event.id, found.row);
    waiting.push(event);
    size += JSON.stringify(event).length;
    if (waiting.length === AT_ONCE || size > MOST_TEXT) await send();
  }
  if (waiting.length > 0) await send();
}

/** The reason of the refusal where it is no event. */
function read({ said }: Extract<TraceRow, { said: unknown }>): TraceEvent | string {
  try {
    const event = readEvent({ ...said, id: said.body.id }, 'full');
    return event === undefined ? 'bad_field' : withStableId(event);
  } catch (error) {
    return messageOf(error);
  }
}

async function handNotifications(
  { session, tally, signal, onProgress }: MoveContext,
  projectId: string,
  rows: Iterable<NotificationRow>,
): Promise<void> {
  const waiting = new Map<string, { row: string; moved: MovedNotification }>();
  const send = async (): Promise<void> => {
    const all = [...waiting.values()].map(({ moved }) => moved);
    const { refused_rows, ...counts } = await moveNotifications(session, projectId, all);
    tally.add(counts);
    tally.list(refused_rows.map(({ id, reason }) => ({ row: waiting.get(id)!.row, reason })));
    waiting.clear();
  };
  for (const found of rows) {
    signal?.throwIfAborted();
    tally.read++;
    onProgress?.(tally.read);
    if ('reason' in found) {
      tally.refuse(found.row, found.reason);
      continue;
    }
    tally.sum('notifications', 1);
    if (found.moved.answer !== null && found.moved.kind === 'question') tally.sum('answers', 1);
    if (waiting.has(found.moved.key)) await send();
    waiting.set(found.moved.key, found);
    if (waiting.size === AT_ONCE) await send();
  }
  if (waiting.size > 0) await send();
}
