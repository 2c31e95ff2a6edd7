import { AppError } from '../errors';
import { MOST_FILE_BYTES, type MachineEntry } from '../shards/machine-entry';
import { isCalledV1 } from '../shards/name-v1';
import { recordsBefore } from '../shards/records-before';
import { decodeShard, linesOf } from '../shards/shard-content';
import { entryName, parseShardName } from '../shards/shard-name';
import { withMachineV1, type ManifestV1 } from '../shards/v1-manifest';
import { writeV1, type RecordV1 } from '../shards/write-v1';
import type { RemoteContents } from './read-remote';
import type { Snapshot } from './store';

/**
 * Adds this machine's files of version 1.0, under the `v1_name` of its entry, made from all of its shards
 * and not from what is new alone, and takes away those that it has no more. What ccu recorded under the
 * same name before this machine's first record stays in them. Returns the manifest of version 1.0.
 */
export async function planV1(
  snapshot: Snapshot,
  remote: RemoteContents,
  entry: MachineEntry,
  changes: Map<string, Buffer | null>,
): Promise<ManifestV1> {
  const machineName = entry.v1_name!;
  const names = [machineName, ...formerName(remote, entry)];
  const known = (remote.manifestV1?.machines ?? []).filter(({ machine_name }) =>
    names.includes(machine_name),
  );
  const before = known.find(({ machine_name }) => machine_name === machineName);
  const old = known.flatMap(({ data_files }) => data_files);
  const current = before?.last_sync === entry.pushed_at && old.every((n) => snapshot.files.has(n));
  if (current && !changes.has(entryName(entry.machine_id)) && remote.manifestV1)
    return remote.manifestV1;
  const lines = async function* (): AsyncGenerator<Buffer> {
    for (const { file } of entry.shards) {
      const stored = changes.get(file) ?? (await snapshot.files.get(file)!.read());
      yield await decodeShard(stored, parseShardName(file)!);
    }
  };
  const texts: Buffer[] = [];
  for await (const text of lines()) texts.push(text);
  const first = entry.shards.map((shard) => shard.first).sort()[0];
  // Also those of which the manifest has forgotten: they may be written over.
  const there = remote.filesV1.filter((name) => isCalledV1(name, machineName));
  const earlier = await earlierRecords(snapshot, new Set([...old, ...there]), names, first);
  const written = writeV1(machineName, allLines(texts), entry.pushed_at, earlier);
  for (const [name, bytes] of written.files) changes.set(name, bytes);
  for (const name of old)
    if (!written.files.has(name) && snapshot.files.has(name)) changes.set(name, null);
  return withMachineV1(remote.manifestV1, written.machine, names);
}

/** What its files were called when it pushed last, unless another machine's are. */
function formerName({ machines }: RemoteContents, { machine_id, v1_name }: MachineEntry): string[] {
  const own = machines.find(({ machineId }) => machineId === machine_id)?.entry;
  const former = own?.v1_name ?? own?.label;
  if (former === undefined || former === v1_name) return [];
  const others = machines.filter(({ machineId }) => machineId !== machine_id);
  // A label alone does not say whose they are.
  const foreign = others.some(
    ({ entry }) =>
      entry?.v1_name === former || (own?.v1_name === undefined && entry?.label === former),
  );
  return foreign ? [] : [former];
}

/** Nobody else has them. Throws `failed` where a file is too large to be read: it must not be written over. */
async function earlierRecords(
  { files }: Snapshot,
  names: Iterable<string>,
  machineNames: readonly string[],
  first: string | undefined,
): Promise<RecordV1[]> {
  const found = new Map<string, RecordV1>();
  for (const name of names) {
    const stored = files.get(name);
    if (stored === undefined) continue;
    if (stored.bytes > MOST_FILE_BYTES)
      throw new AppError('failed', `${name} is too large to be taken over`, {
        hint: 'Move it elsewhere, or push without --format v1.',
      });
    const text = (await stored.read()).toString('utf8');
    for (const one of recordsBefore(text, machineNames, first)) found.set(JSON.stringify(one), one);
  }
  return [...found.values()];
}

function* allLines(texts: readonly Buffer[]): Generator<Buffer> {
  for (const text of texts) yield* linesOf(text);
}
