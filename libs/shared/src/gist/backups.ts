import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';
import { isInstant } from '../records/record-id';
import type { EntryRefusal, MachineEntry } from '../shards/machine-entry';
import { parseEntry } from '../shards/machine-entry';
import { deriveManifest, manifestEntries, parseJson } from '../shards/manifest';
import { sha256, ShardRefused } from '../shards/shard-content';
import { backupName, entryName, MANIFEST, parseBackupName } from '../shards/shard-name';
import { backupBytes, dayOf } from './daily-snapshot';
import { readRemote } from './read-remote';
import type { CompareAndSwapStore, Snapshot } from './store';

/** What can be restored: the last state of a day. */
export interface Backup {
  /** `YYYY-MM-DD`, UTC. */
  date: string;
  version: string;
  /** When that state was made, or was named by a daily snapshot. */
  at: string;
  /** What a daily snapshot says that it held; undefined where the history alone speaks. */
  entries?: MachineEntry[];
}

/** Newest first, one a day: over git from the history, over a gist from its daily snapshots. */
export async function listBackups(store: CompareAndSwapStore): Promise<Backup[]> {
  const all = store.dailySnapshots
    ? await snapshotBackups(await store.read())
    : (await store.history()).map(({ version, at }) => ({ date: at.slice(0, 10), version, at }));
  const days = new Map<string, Backup>();
  for (const one of all) {
    const known = days.get(one.date);
    if (known === undefined || one.at > known.at) days.set(one.date, one);
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? 1 : -1));
}

async function snapshotBackups({ files }: Snapshot): Promise<Backup[]> {
  const found: Backup[] = [];
  for (const [name, file] of files) {
    const day = parseBackupName(name)?.day;
    if (day === undefined) continue;
    const value = parseJson((await file.read()).toString('utf8')) as
      { revision?: unknown; created_at?: unknown } | undefined;
    const { revision, created_at: at } = value ?? {};
    if (typeof revision !== 'string' || typeof at !== 'string' || !isInstant(at)) continue;
    const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
    const entries = manifestEntries({ version: '2.0', ...value }).flatMap(
      (one) => parseEntry(one) ?? [],
    );
    found.push({ date, version: revision, at, entries });
  }
  return found;
}

/**
 * Makes sure that the state of now can be restored as today's. Over git it is a commit already; over a gist
 * the daily snapshot names it. Throws `not_found` where there is nothing, `conflict` where others write on.
 */
export async function createBackup(
  store: CompareAndSwapStore,
  machineId: string,
  now: Date,
): Promise<{ date: string; version: string }> {
  const date = now.toISOString().slice(0, 10);
  for (let tries = 0; tries < 5; tries += 1) {
    const snapshot = await store.read();
    const { version } = snapshot;
    if (version === null) throw nothingThere();
    if (!store.dailySnapshots) return { date, version };
    const remote = await readRemote(snapshot);
    const name = backupName(machineId, dayOf(now));
    const entries = remote.machines.flatMap(({ entry }) => entry ?? []);
    const backups = [...new Set([...remote.backups, name])];
    const changes = new Map([
      [name, backupBytes(version, remote, now)],
      [MANIFEST, deriveManifest(entries, backups, remote.manifestV1)],
    ]);
    if ((await store.swap(snapshot, changes, `backup of ${date}`)) !== 'moved')
      return { date, version };
  }
  throw new AppError('conflict', 'others write all the time', { hint: 'Try again in a minute.' });
}

const nothingThere = (): AppError =>
  new AppError('not_found', 'there is nothing to back up yet', {
    hint: 'coffee-roadmap collect looks for records, gist push sends them.',
  });

export interface Restored {
  files: string[];
  bytes: number;
  refused: EntryRefusal[];
}

/**
 * Writes what the remote held into a folder that is empty or not there, each shard checked by its hash. Throws
 * `invalid_input` for a folder in which something is.
 */
export async function restoreBackup(
  store: CompareAndSwapStore,
  backup: Backup,
  folder: string,
): Promise<Restored> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AppError('invalid_input', 'the folder is not empty', {
      hint: 'Nothing is ever written over: name one that is empty or not there.',
    });
  }
  const snapshot = await store.readAt(backup.version);
  const remote = await readRemote(snapshot);
  const restored: Restored = { files: [], bytes: 0, refused: remote.refused };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, bytes: Buffer): void => {
    writeFileSync(path.join(folder, name), bytes, { mode: 0o600, flag: 'wx' });
    restored.files.push(name);
    restored.bytes += bytes.length;
  };
  const promised = new Map(
    (backup.entries ?? []).flatMap(({ shards }) => shards.map((one) => [one.file, one.sha256])),
  );
  for (const { shards } of remote.machines) {
    for (const shard of shards) {
      try {
        await shard.read();
        const bytes = await snapshot.files.get(shard.file)!.read();
        const hash = promised.get(shard.file);
        if (hash !== undefined && hash !== sha256(bytes)) throw new ShardRefused('wrong hash');
        write(shard.file, bytes);
      } catch (error) {
        if (!(error instanceof ShardRefused)) throw error;
        restored.refused.push({ file: shard.file, reason: error.message });
      }
    }
  }
  const rest = [
    MANIFEST,
    ...remote.filesV1,
    ...remote.machines.map((one) => entryName(one.machineId)),
  ];
  for (const name of rest) {
    const file = snapshot.files.get(name);
    if (file) write(name, await file.read());
  }
  return restored;
}
