import type { EntryRefusal, MachineEntry } from '../shards/machine-entry';
import { ShardRefused } from '../shards/shard-content';
import { readV1 } from '../shards/read-v1';
import { MOST_FILE_BYTES } from '../shards/machine-entry';
import { readRemote, type RemoteContents } from './read-remote';
import type { Snapshot } from './store';

/** Records of one machine, on their way to whoever keeps them. */
export interface Delivery {
  machineId: string;
  label: string;
  /** NDJSON, whole lines. */
  pieces: AsyncIterable<Buffer>;
}

/** Who keeps what is pulled. */
export interface Receiver {
  /** Whose records they become: machines of version 1.0, which have no id, get one for this owner. */
  readonly owner: string;
  /** What this machine's cursor of this road is; null: nothing came by it yet. */
  cursorOf(machineId: string): Promise<string | null>;
  /** Throws where the machine is somebody else's. */
  take(delivery: Delivery): Promise<void>;
  /** After all of a machine was taken. */
  moveCursor(machineId: string, label: string, cursor: string): Promise<void>;
}

/** What the last pull took, to read less the next time; losing it costs time alone. */
export type PullMemory = Record<string, { cursor: string; shards: string[] }>;

export interface PullEnd {
  /** Machines whose records were taken or were known to be there. */
  machines: { machineId: string; label: string; shards: number }[];
  refused: EntryRefusal[];
  memory: PullMemory;
  remote: RemoteContents;
}

export interface PullOptions {
  memory?: PullMemory;
  /** What to do about a machine that the receiver does not take; its reason, or the error is thrown on. */
  judge: (error: unknown) => string | undefined;
}

/**
 * Hands every record of a remote to a receiver. What is damaged or not ours to take is refused one by one,
 * and the rest is taken. A shard that came before is passed over only as long as the receiver's own cursor
 * says that it still has it.
 */
export async function pullRecords(
  snapshot: Snapshot,
  receiver: Receiver,
  { memory = {}, judge }: PullOptions,
): Promise<PullEnd> {
  const remote = await readRemote(snapshot);
  const { refused } = remote;
  const end: PullEnd = { machines: [], refused, memory: {}, remote };
  for (const { machineId, entry, shards } of remote.machines) {
    const label = entry?.label || machineId.slice(0, 8);
    const known = memory[machineId];
    try {
      const trusted = known !== undefined && (await receiver.cursorOf(machineId)) === known.cursor;
      const old = new Set(trusted ? known.shards : []);
      const taken: string[] = [];
      let bad = 0;
      const pieces = async function* (): AsyncGenerator<Buffer> {
        for (const shard of shards) {
          const key = shard.info?.sha256;
          if (key === undefined || !old.has(key)) {
            try {
              yield await shard.read();
            } catch (error) {
              if (!(error instanceof ShardRefused)) throw error;
              refused.push({ file: shard.file, reason: error.message });
              bad += 1;
              continue;
            }
          }
          if (key !== undefined) taken.push(key);
        }
      };
      await receiver.take({ machineId, label, pieces: pieces() });
      const cursor = entry?.cursor ?? null;
      if (cursor !== null && bad === 0) {
        if (!trusted || known.cursor !== cursor)
          await receiver.moveCursor(machineId, label, cursor);
        end.memory[machineId] = { cursor, shards: taken };
      }
      end.machines.push({ machineId, label, shards: shards.length - bad });
    } catch (error) {
      const reason = judge(error);
      if (reason === undefined) throw error;
      refused.push({ file: `machine_${machineId}.json`, reason });
    }
  }
  await pullV1(snapshot, receiver, end, { judge });
  return end;
}

async function pullV1(
  { files }: Snapshot,
  receiver: Receiver,
  end: PullEnd,
  { judge }: Pick<PullOptions, 'judge'>,
): Promise<void> {
  const { refused, remote } = end;
  for (const file of remote.filesV1) {
    const stored = files.get(file)!;
    if (stored.bytes > MOST_FILE_BYTES) {
      refused.push({ file, reason: 'too large' });
      continue;
    }
    const text = (await stored.read()).toString('utf8');
    const name = readV1(text, receiver.owner)?.machineName;
    const found = readV1(text, receiver.owner, firstOf(name, remote));
    if (found === undefined) {
      refused.push({ file, reason: 'not a file of version 1.0' });
      continue;
    }
    if (found.refused > 0)
      refused.push({ file, reason: `${found.refused} of its records are not whole` });
    if (found.lines.length === 0) continue;
    try {
      await receiver.take({
        machineId: found.machineId,
        label: found.machineName || 'ccu',
        pieces: inPieces(found.lines),
      });
      end.machines.push({ machineId: found.machineId, label: found.machineName, shards: 1 });
    } catch (error) {
      const reason = judge(error);
      if (reason === undefined) throw error;
      refused.push({ file, reason });
    }
  }
}

/** From where on a machine that is called so tells it better itself. */
function firstOf(name: string | undefined, remote: RemoteContents): string | undefined {
  const same = (entry: MachineEntry | undefined): entry is MachineEntry =>
    entry !== undefined && (entry.label === name || entry.v1_name === name);
  const firsts = remote.machines
    .map(({ entry }) => entry)
    .filter(same)
    .flatMap(({ shards }) => shards.map(({ first }) => first));
  return firsts.sort()[0];
}

async function* inPieces(lines: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (let i = 0; i < lines.length; i += 1_000)
    yield Buffer.from(
      lines
        .slice(i, i + 1_000)
        .map((line) => `${line.toString()}\n`)
        .join(''),
    );
}
