import { sql, type Kysely, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type {
  DB,
  CoffeeAttempts,
  CoffeeAttemptSteps,
  CoffeeItemState,
  CoffeeRoadmapHistory,
  CoffeeRoadmapItems,
} from '../db/types.generated';
import { AppError } from '../errors';
import type { ExistingItem } from './document/diff-roadmap';
import type { RoadmapEntry, RoadmapSource } from './document/roadmap-document';
import type { Move } from './least-moves';

export type Item = Selectable<CoffeeRoadmapItems>;
export type ItemState = CoffeeItemState;
/** `cost_usd`: what its calls cost. `as_reported`: not all of them have a price, so it is what the agent said. */
export type Attempt = Selectable<CoffeeAttempts> & { as_reported: boolean };
export type Step = Selectable<CoffeeAttemptSteps>;
export type HistoryEntry = Selectable<CoffeeRoadmapHistory>;

export interface ListedItem extends Omit<Item, 'body' | 'source' | 'feedback'> {
  attempts: number;
  /** USD of all attempts. */
  cost_usd: string;
  /** Of one of them it is what the agent said, because not all of its calls have a price. */
  as_reported: boolean;
  open_questions: number;
  accepted_by_name: string | null;
}

/** The items of a project in the order of work. */
export async function listItems(
  session: Session<'person'>,
  filter: { projectId: string; states?: ItemState[] },
): Promise<ListedItem[]> {
  const { rows } = await sql<ListedItem>`
    select i.id, i.project_id, i.number, i.position, i.title, i.state, i.branch, i.commit_hash,
      i.accepted_at, i.accepted_by, i.tries_since, i.version, i.created_by, i.created_at, i.updated_at,
      coalesce(a.attempts, 0)::int as attempts, coalesce(a.cost_usd, 0) as cost_usd,
      coalesce(a.as_reported, false) as as_reported,
      (select count(*) from coffee.notifications n
        where n.item_id = i.id and n.state = 'pending') as open_questions,
      p.name as accepted_by_name
    from coffee.roadmap_items i
    left join (
      select item_id, count(*) as attempts, sum(cost_usd) as cost_usd, bool_or(as_reported) as as_reported
      from analytics.attempt_spend
      where project_id = ${filter.projectId}::uuid group by item_id) a on a.item_id = i.id
    left join coffee.people p on p.id = i.accepted_by
    where i.project_id = ${filter.projectId}::uuid
      and (${filter.states ?? null}::text[] is null or i.state::text = any (${filter.states ?? null}::text[]))
    order by i.position, i.id`.execute(session.db);
  return rows;
}

/** By the number that people type, `us-62` as well as `US-62`. Throws `not_found`. */
export async function getItem(session: Session, projectId: string, number: string): Promise<Item> {
  const row = await session.db
    .selectFrom('coffee.roadmap_items')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('number', '=', number.toUpperCase())
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new AppError('not_found', `there is no priority ${number}`, {
    hint: 'coffee-roadmap roadmap list shows what there is.',
  });
}

/** Undefined when it is not there or not visible any more. */
export function findItemById(session: Session, id: number): Promise<Item | undefined> {
  return session.db
    .selectFrom('coffee.roadmap_items')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The newest attempt first. */
export async function listAttempts(
  session: Session<'person' | 'agent' | 'slackbot'>,
  itemId: number,
): Promise<Attempt[]> {
  const { rows } = await sql<Attempt>`
    select a.*, s.cost_usd, s.as_reported
    from coffee.attempts a
    join (select * from analytics.attempt_spend where item_id = ${itemId}) s on s.attempt_id = a.id
    where a.item_id = ${itemId} order by a.attempt desc`.execute(session.db);
  return rows;
}

/** The last steps of an attempt, in the order in which they happened. */
export async function listLastSteps(
  session: Session,
  attemptId: number,
  limit: number,
): Promise<Step[]> {
  const rows = await session.db
    .selectFrom('coffee.attempt_steps')
    .selectAll()
    .where('attempt_id', '=', attemptId)
    .orderBy('step', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse();
}

/** What happened to an item, the oldest first. */
export function listHistory(session: Session, itemId: number): Promise<HistoryEntry[]> {
  return session.db
    .selectFrom('coffee.roadmap_history')
    .selectAll()
    .where('item_id', '=', itemId)
    .orderBy('id')
    .execute();
}

/**
 * What happened to priorities of that number that went again with the move that had brought them, the oldest
 * first.
 */
export async function listWithdrawnHistory(
  session: Session<'person'>,
  projectId: string,
  number: string,
): Promise<HistoryEntry[]> {
  const { rows } = await sql<HistoryEntry>`
    select h.* from coffee.roadmap_history h
    where h.project_id = ${projectId}::uuid and h.item_id in (
      select w.item_id from coffee.roadmap_history w
      where w.project_id = ${projectId}::uuid and w.change = 'withdraw' and w.before ->> 'number' = ${number.toUpperCase()})
    order by h.id`.execute(session.db);
  return rows;
}

/** Throws `conflict` when the number is taken. `beforeId` left out: last. */
export async function addItem(
  session: Session<'person'>,
  item: { projectId: string; title: string; body?: string; number?: string; beforeId?: number },
): Promise<Item> {
  const { rows } = await sql<Item>`
    select * from coffee.add_item(${item.projectId}::uuid, ${item.title}, ${item.body ?? ''},
      ${item.number?.toUpperCase() ?? null}, ${item.beforeId ?? null})`.execute(session.db);
  return rows[0]!;
}

/** `version`: the one that the person saw. Throws `conflict` when it is not the present one. */
export async function editItem(
  session: Session<'person'>,
  id: number,
  change: { version: number; title?: string; body?: string },
): Promise<Item> {
  const { rows } = await sql<Item>`
    select * from coffee.edit_item(${id}, ${change.version}, ${change.title ?? null},
      ${change.body ?? null})`.execute(session.db);
  return rows[0]!;
}

/** `beforeId` null: to the end. */
export async function moveItem(
  session: Session<'person'>,
  id: number,
  beforeId: number | null,
): Promise<Item> {
  const { rows } = await sql<Item>`select * from coffee.move_item(${id}, ${beforeId})`.execute(
    session.db,
  );
  return rows[0]!;
}

/** Done at once where there is nothing to merge; else a daemon merges and then says done. */
export async function acceptItem(session: Session<'person'>, id: number): Promise<Item> {
  const { rows } = await sql<Item>`select * from coffee.accept_item(${id})`.execute(session.db);
  return rows[0]!;
}

/** Planned again; the comment goes into the next attempt. */
export async function reopenItem(
  session: Session<'person'>,
  id: number,
  comment: string,
): Promise<Item> {
  const { rows } = await sql<Item>`select * from coffee.reopen_item(${id}, ${comment})`.execute(
    session.db,
  );
  return rows[0]!;
}

export async function blockItem(
  session: Session<'person'>,
  id: number,
  reason: string,
): Promise<Item> {
  const { rows } = await sql<Item>`select * from coffee.block_item(${id}, ${reason})`.execute(
    session.db,
  );
  return rows[0]!;
}

/** Ends the attempt that runs; the item is blocked then. Throws `conflict` when nothing runs. */
export async function stopItem(session: Session<'person'>, id: number): Promise<Item> {
  const { rows } = await sql<Item>`select * from coffee.stop_item(${id})`.execute(session.db);
  return rows[0]!;
}

/** Planned again with its tries counted from nothing; ends the pause of one that waits. */
export async function retryItem(session: Session<'person'>, id: number): Promise<Item> {
  const { rows } = await sql<Item>`select * from coffee.retry_item(${id})`.execute(session.db);
  return rows[0]!;
}

export interface StoredItem extends ExistingItem {
  id: number;
}

export interface StoredRoadmap {
  preamble: string;
  /** In the order of work. */
  items: StoredItem[];
}

/** All that an export writes and an import compares with. */
export async function readRoadmap(session: Session, projectId: string): Promise<StoredRoadmap> {
  const project = await session.db
    .selectFrom('coffee.projects')
    .select('roadmap_preamble')
    .where('id', '=', projectId)
    .executeTakeFirst();
  if (project === undefined) throw new AppError('not_found', 'there is no such project');
  return {
    preamble: project.roadmap_preamble,
    items: await selectStored(session.db, projectId),
  };
}

/**
 * Stores what a file says, all or nothing, in a transaction of its own unless there is one. `preamble` null:
 * as it is. `movesOf` gets the items as they are once the entries are in.
 */
export async function writeImport(
  session: Session<'person'>,
  projectId: string,
  change: {
    preamble: string | null;
    entries: RoadmapEntry[];
    movesOf: (items: StoredItem[]) => Move[];
  },
): Promise<void> {
  const { db } = session;
  const write = async (transaction: Kysely<DB>): Promise<void> => {
    // Holds the project until the end, so that nobody adds or moves in between.
    await sql`select coffee.import_items(${projectId}::uuid, ${change.preamble},
      ${JSON.stringify(change.entries)}::jsonb)`.execute(transaction);
    const items = await selectStored(transaction, projectId);
    const ids = new Map(items.map((item) => [item.number, item.id]));
    for (const { number, before } of change.movesOf(items)) {
      await sql`select coffee.move_item(${ids.get(number)}, ${
        before === null ? null : ids.get(before)
      })`.execute(transaction);
    }
  };
  await (db.isTransaction ? write(db) : db.transaction().execute(write));
}

async function selectStored(db: Kysely<DB>, projectId: string): Promise<StoredItem[]> {
  const rows = await db
    .selectFrom('coffee.roadmap_items')
    .select(['id', 'number', 'title', 'state', 'body', 'source'])
    .where('project_id', '=', projectId)
    .orderBy('position')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, source: readSource(row.source) }));
}

/** Every client may store what it likes there; only what our grammar wrote is used. */
function readSource(value: unknown): RoadmapSource | null {
  const text = (value as { text?: unknown } | null)?.text;
  return typeof text === 'string' ? { text } : null;
}
