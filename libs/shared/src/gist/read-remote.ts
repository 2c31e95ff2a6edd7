import {
  MOST_FILE_BYTES,
  parseEntry,
  type EntryRefusal,
  type MachineEntry,
  type ShardInfo,
} from '../shards/machine-entry';
import { manifestEntries, parseJson } from '../shards/manifest';
import { decodeShard, sha256, ShardRefused } from '../shards/shard-content';
import {
  entryName,
  MANIFEST,
  parseBackupName,
  parseEntryName,
  parseShardName,
  type ShardName,
} from '../shards/shard-name';
import { isV1File, parseManifestV1, type ManifestV1 } from '../shards/v1-manifest';
import type { Snapshot, StoredFile } from './store';

export interface RemoteShard {
  file: string;
  name: ShardName;
  /** Undefined where the machine has no entry, and the shards speak for themselves. */
  info: ShardInfo | undefined;
  /** The NDJSON, with the hash that it has to have. Throws ShardRefused. */
  read(): Promise<Buffer>;
}

export interface RemoteMachine {
  machineId: string;
  /** Undefined where neither its own file nor the manifest knows it. */
  entry: MachineEntry | undefined;
  /** Its own file said so, and all that it names and nothing else is there. */
  whole: boolean;
  shards: RemoteShard[];
}

export interface RemoteContents {
  machines: RemoteMachine[];
  /** What was not taken, and why. */
  refused: EntryRefusal[];
  manifest: string | undefined;
  manifestV1: ManifestV1 | undefined;
  filesV1: string[];
  backups: string[];
}

const MOST_INDEX_BYTES = 16 << 20;

/** A snapshot never changes, and a push that is followed by a pull asks for one several times. */
const contents = new WeakMap<Snapshot['files'], RemoteContents>();

/** What a remote holds; reads the entries and the manifest, no shard. Whatever is wrong there is told. */
export async function readRemote({ files }: Pick<Snapshot, 'files'>): Promise<RemoteContents> {
  const known = contents.get(files) ?? (await readFiles(files));
  contents.set(files, known);
  // Who pulls adds to what was refused.
  return { ...known, refused: [...known.refused] };
}

async function readFiles(files: Snapshot['files']): Promise<RemoteContents> {
  const refused: EntryRefusal[] = [];
  const tell = (one: EntryRefusal): void => void refused.push(one);
  const manifest = await readIndex(files.get(MANIFEST), (reason) =>
    tell({ file: MANIFEST, reason }),
  );
  const index = manifest === undefined ? undefined : parseJson(manifest);
  if (manifest !== undefined && index === undefined) tell({ file: MANIFEST, reason: 'not JSON' });
  const manifestV1 = parseManifestV1(index, tell);
  const entries = new Map<string, MachineEntry>();
  const doubted = new Set<string>();
  const own = new Set<string>();
  const names = [...files.keys()].sort();
  for (const file of names) {
    const machineId = parseEntryName(file);
    if (machineId === undefined) continue;
    const { entry, wrong } = await readEntry(file, files.get(file)!);
    if (wrong.length > 0) doubted.add(machineId);
    wrong.forEach(tell);
    if (entry?.machine_id !== machineId) {
      tell({ file, reason: entry ? 'names another machine' : 'no entry of a machine' });
      continue;
    }
    entries.set(machineId, entry);
    own.add(machineId);
  }
  // The manifest speaks for machines that do not speak for themselves.
  for (const one of manifestEntries(index)) {
    if (own.has((one as MachineEntry | null)?.machine_id ?? '')) continue;
    const entry = parseEntry(one, tell);
    if (entry === undefined) tell({ file: MANIFEST, reason: 'an entry is none' });
    else if (!entries.has(entry.machine_id)) entries.set(entry.machine_id, entry);
  }
  const shards = new Map<string, { file: string; name: ShardName; stored: StoredFile }[]>();
  for (const file of names) {
    const name = parseShardName(file);
    if (name === undefined) continue;
    const one = { file, name, stored: files.get(file)! };
    const known = shards.get(name.machineId);
    if (known) known.push(one);
    else shards.set(name.machineId, [one]);
  }
  const ids = new Set([...entries.keys(), ...shards.keys()]);
  const machines = [...ids].sort().map((machineId): RemoteMachine => {
    const entry = entries.get(machineId);
    const there = shards.get(machineId) ?? [];
    if (entry === undefined) {
      const found = there.map((one) => shardOf(one.file, one.name, one.stored, undefined));
      return { machineId, entry, whole: false, shards: found };
    }
    let whole = own.has(machineId) && !doubted.has(machineId);
    const listed = new Set(entry.shards.map(({ file }) => file));
    for (const { file } of there) {
      if (listed.has(file)) continue;
      whole = false;
      tell({ file, reason: 'its machine does not know it' });
    }
    const found = entry.shards.flatMap((info) => {
      const stored = files.get(info.file);
      if (stored) return [shardOf(info.file, parseShardName(info.file)!, stored, info)];
      whole = false;
      tell({ file: info.file, reason: 'is missing' });
      return [];
    });
    return { machineId, entry, whole, shards: found };
  });
  return {
    machines,
    refused,
    manifest,
    manifestV1,
    filesV1: names.filter(isV1File),
    backups: names.filter((name) => parseBackupName(name) !== undefined),
  };
}

function shardOf(
  file: string,
  name: ShardName,
  stored: StoredFile,
  info: ShardInfo | undefined,
): RemoteShard {
  return {
    file,
    name,
    info,
    async read() {
      if (stored.bytes > MOST_FILE_BYTES) throw new ShardRefused('too large');
      const bytes = await stored.read();
      if (info && sha256(bytes) !== info.sha256) throw new ShardRefused('wrong hash');
      return decodeShard(bytes, name);
    },
  };
}

/** Read once where a store hands out the same bytes again, as it does while a push tries again. */
const parsed = new WeakMap<Buffer, ReadEntry>();

interface ReadEntry {
  entry: MachineEntry | undefined;
  wrong: EntryRefusal[];
}

async function readEntry(file: string, stored: StoredFile): Promise<ReadEntry> {
  if (stored.bytes > MOST_INDEX_BYTES)
    return { entry: undefined, wrong: [{ file, reason: 'too large' }] };
  const bytes = await stored.read();
  const known = parsed.get(bytes);
  if (known) return known;
  const wrong: EntryRefusal[] = [];
  const entry = parseEntry(parseJson(bytes.toString('utf8')), (one) => void wrong.push(one));
  parsed.set(bytes, { entry, wrong });
  return { entry, wrong };
}

async function readIndex(
  stored: StoredFile | undefined,
  refuse: (reason: string) => void,
): Promise<string | undefined> {
  if (stored === undefined) return undefined;
  if (stored.bytes <= MOST_INDEX_BYTES) return (await stored.read()).toString('utf8');
  refuse('too large');
  return undefined;
}

/** The names of one machine's own files. */
export const ownFiles = ({ files }: Pick<Snapshot, 'files'>, machineId: string): string[] =>
  [...files.keys()].filter(
    (name) => name === entryName(machineId) || parseShardName(name)?.machineId === machineId,
  );
