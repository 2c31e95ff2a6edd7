import { entryBytes, LAYOUT_VERSION, type MachineEntry } from '../shards/machine-entry';
import { deriveManifest } from '../shards/manifest';
import { lineId, lineTime } from '../shards/shard-content';
import { entryName, MANIFEST, parseShardName } from '../shards/shard-name';
import { addDailySnapshot } from './daily-snapshot';
import type { LocalRecords } from './local-records';
import { NotAsKnown, OwnMonths } from './own-months';
import { readRemote, type RemoteContents } from './read-remote';
import type { CompareAndSwapStore, Snapshot } from './store';
import { chooseNameV1 } from './choose-name-v1';
import { planV1 } from './plan-v1';

export interface PlanOptions {
  now: Date;
  /** Write files of version 1.0 too. */
  v1?: boolean;
  /** Put what this machine's spool says in place of what is there of it. */
  force?: boolean;
  /** Days for which daily snapshots stay. */
  retentionDays?: number;
}

export interface PushPlan {
  /** By name what to write; null removes. Empty: all is as it should be. */
  changes: Map<string, Buffer | null>;
  /** Records that were not there before. */
  sent: number;
  entry: MachineEntry;
  /** Shards of this machine that could not be read and are written anew. */
  mended: string[];
  remote: RemoteContents;
}

/**
 * What to change so that all of this machine's records are there and the manifest tells of every machine.
 * Touches no file of another machine. Planned anew from what is read, it comes to the same end whatever
 * happened in between: that is the union.
 */
export async function planPush(
  store: Pick<CompareAndSwapStore, 'textOnly' | 'dailySnapshots'>,
  snapshot: Snapshot,
  local: LocalRecords,
  options: PlanOptions,
): Promise<PushPlan> {
  const remote = await readRemote(snapshot);
  const before = remote.machines.find(({ machineId }) => machineId === local.machineId);
  const own = await ownShards(store, remote, local, options);
  const changes = new Map<string, Buffer | null>(own.written);
  const kept = new Set(own.shards.map(({ file }) => file));
  for (const name of snapshot.files.keys())
    if (parseShardName(name)?.machineId === local.machineId && !kept.has(name))
      changes.set(name, null);
  const known = before?.entry;
  const v1Name = options.v1 === true ? await chooseNameV1(snapshot, remote, local) : known?.v1_name;
  let entry: MachineEntry = {
    version: LAYOUT_VERSION,
    machine_id: local.machineId,
    label: local.label,
    pushed_at: known?.pushed_at ?? options.now.toISOString(),
    cursor: own.cursor,
    ...(v1Name !== undefined && { v1_name: v1Name }),
    shards: own.shards,
  };
  const changed = known === undefined || !entryBytes(known).equals(entryBytes(entry));
  const nothing = before === undefined && own.shards.length === 0;
  if ((changed || before?.whole !== true) && !nothing) {
    entry = { ...entry, pushed_at: options.now.toISOString() };
    changes.set(entryName(local.machineId), entryBytes(entry));
  }
  const v1 =
    options.v1 === true ? await planV1(snapshot, remote, entry, changes) : remote.manifestV1;
  const others = remote.machines.flatMap(({ entry: one }) =>
    one && one.machine_id !== local.machineId ? [one] : [],
  );
  const backups = store.dailySnapshots
    ? addDailySnapshot(snapshot, remote, local.machineId, changes, options)
    : remote.backups;
  const manifest = deriveManifest(nothing ? others : [...others, entry], backups, v1);
  const empty = nothing && others.length === 0 && remote.manifest === undefined;
  if (!empty && remote.manifest !== manifest.toString()) changes.set(MANIFEST, manifest);
  return { changes, sent: own.sent, entry, mended: own.mended, remote };
}

interface OwnShards {
  written: Map<string, Buffer>;
  shards: MachineEntry['shards'];
  cursor: string | null;
  sent: number;
  mended: string[];
}

async function ownShards(
  store: Pick<CompareAndSwapStore, 'textOnly'>,
  remote: RemoteContents,
  local: LocalRecords,
  { force }: PlanOptions,
): Promise<OwnShards> {
  const found = remote.machines.find(({ machineId }) => machineId === local.machineId);
  const before = force === true ? undefined : found;
  const cursor = before?.whole === true ? before.entry!.cursor : null;
  const { found: known, lines: since } = local.after(cursor);
  const anew = !known || (cursor === null && (before?.shards.length ?? 0) > 0);
  // The cursor is the first record of its id: revisions behind it may be there already.
  const careful = anew || (cursor !== null && some(since, (line) => lineId(line) === cursor));
  const gather = async (again: { all: boolean; careful: boolean }): Promise<OwnShards> => {
    const months = new OwnMonths(local.machineId, before, { ...again, asText: store.textOnly });
    let sent = 0;
    let last: string | null = cursor ?? before?.entry?.cursor ?? null;
    for (const line of local.after(again.all ? null : cursor).lines) {
      const id = lineId(line);
      const at = lineTime(line);
      if (at === undefined || id?.startsWith(local.machineId) !== true) continue;
      const name = at.slice(0, 7);
      const month = months.months.get(name) ?? (await months.open(name));
      if (month.add(line)) sent += 1;
      last = id;
    }
    const shards = await months.finish();
    const written = new Map([...months.months.values()].flatMap((month) => [...month.written]));
    return { written, shards, cursor: last, sent, mended: months.mended };
  };
  try {
    return await gather({ all: anew, careful });
  } catch (error) {
    if (error instanceof NotAsKnown) return gather({ all: true, careful: true });
    throw error;
  }
}

function some(lines: Iterable<Buffer>, is: (line: Buffer) => boolean): boolean {
  for (const line of lines) if (is(line)) return true;
  return false;
}
