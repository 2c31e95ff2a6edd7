import type { MachineEntry } from '../shards/machine-entry';
import { decodeShard, linesOf } from '../shards/shard-content';
import { entryName, parseShardName } from '../shards/shard-name';
import { withMachineV1, type ManifestV1 } from '../shards/v1-manifest';
import { writeV1 } from '../shards/write-v1';
import type { RemoteContents } from './read-remote';
import type { Snapshot } from './store';

/**
 * Adds this machine's files of version 1.0, made from all of its shards and not from what is new alone,
 * and takes away those that it has no more. Returns the manifest of version 1.0.
 */
export async function planV1(
  snapshot: Snapshot,
  remote: RemoteContents,
  entry: MachineEntry,
  changes: Map<string, Buffer | null>,
): Promise<ManifestV1> {
  const before = remote.manifestV1?.machines.find(
    ({ machine_name }) => machine_name === entry.label,
  );
  const old = before?.data_files ?? [];
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
  const written = writeV1(entry.label, allLines(texts), entry.pushed_at);
  for (const [name, bytes] of written.files) changes.set(name, bytes);
  for (const name of old)
    if (!written.files.has(name) && snapshot.files.has(name)) changes.set(name, null);
  return withMachineV1(remote.manifestV1, written.machine);
}

function* allLines(texts: readonly Buffer[]): Generator<Buffer> {
  for (const text of texts) yield* linesOf(text);
}
