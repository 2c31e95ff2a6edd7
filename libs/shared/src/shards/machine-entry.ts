import { isInstant, MACHINE_ID, parseRecordId } from '../records/record-id';
import { parseShardName } from './shard-name';

/** One shard as its machine describes it. Times are the smallest and largest `at`, UTC. */
export interface ShardInfo {
  file: string;
  records: number;
  first: string;
  last: string;
  /** Of the file as it is kept. */
  bytes: number;
  sha256: string;
}

/** `machine_{uuid}.json`: all that one machine has in a remote. */
export interface MachineEntry {
  version: string;
  machine_id: string;
  label: string;
  /** When it last changed something. */
  pushed_at: string;
  /** The id of the last record, in the order of its spool, that is there. */
  cursor: string | null;
  /** What it is called in files of version 1.0, where it writes such. */
  v1_name?: string;
  shards: ShardInfo[];
}

export const LAYOUT_VERSION = '2.0';
const MOST_SHARDS = 20_000;
/** No shard that we write comes near it; what is larger is not read. */
export const MOST_FILE_BYTES = 32 << 20;

export type EntryRefusal = { file: string; reason: string };

/**
 * An entry as somebody else wrote it; undefined where it is none. Shards that it may not name are left
 * out and told: names that are not exactly ours, another machine's, one named twice, wrong figures.
 */
export function parseEntry(
  value: unknown,
  tell: (refused: EntryRefusal) => void = () => undefined,
): MachineEntry | undefined {
  if (!isObject(value)) return undefined;
  const { version, machine_id, label, pushed_at, cursor, v1_name, shards } = value;
  if (typeof version !== 'string' || !version.startsWith('2.')) return undefined;
  if (typeof machine_id !== 'string' || !MACHINE_ID.test(machine_id)) return undefined;
  if (typeof label !== 'string' || label.length > 200) return undefined;
  if (typeof pushed_at !== 'string' || !isInstant(pushed_at)) return undefined;
  if (cursor !== null && !isCursorOf(machine_id, cursor)) return undefined;
  if (!Array.isArray(shards) || shards.length > MOST_SHARDS) return undefined;
  const seen = new Set<string>();
  const good = (shards as unknown[]).flatMap((shard) => {
    const file = isObject(shard) && typeof shard.file === 'string' ? shard.file : '(no name)';
    const reason = whyNot(shard, machine_id, seen);
    if (reason !== undefined) tell({ file, reason });
    else seen.add(slotOf(file));
    return reason === undefined ? [pick(shard as ShardInfo)] : [];
  });
  return {
    version,
    machine_id,
    label,
    pushed_at,
    cursor: cursor as string | null,
    ...(isText(v1_name, 100) && { v1_name }),
    shards: good,
  };
}

function whyNot(shard: unknown, machineId: string, seen: Set<string>): string | undefined {
  if (!isObject(shard) || typeof shard.file !== 'string') return 'no shard';
  const name = parseShardName(shard.file);
  if (name === undefined) return 'not a name of a shard';
  if (name.machineId !== machineId) return 'claimed by another machine';
  if (seen.has(slotOf(shard.file))) return 'named twice';
  if (!isCount(shard.records) || !isCount(shard.bytes)) return 'wrong figures';
  if (shard.bytes > MOST_FILE_BYTES) return 'too large';
  if (!isTime(shard.first) || !isTime(shard.last)) return 'wrong figures';
  return isText(shard.sha256, 64) && /^[0-9a-f]{64}$/.test(shard.sha256)
    ? undefined
    : 'wrong figures';
}

/** The part of the month, however it is written. */
const slotOf = (file: string): string => file.slice(0, file.indexOf('.'));

const pick = ({ file, records, first, last, bytes, sha256 }: ShardInfo): ShardInfo => ({
  file,
  records,
  first,
  last,
  bytes,
  sha256,
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;
const isTime = (value: unknown): boolean =>
  isText(value, 24) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

function isCursorOf(machineId: string, cursor: unknown): boolean {
  return isText(cursor, 600) && parseRecordId(cursor)?.machineId === machineId;
}

export const entryBytes = (entry: MachineEntry): Buffer =>
  Buffer.from(`${JSON.stringify(entry, null, 1)}\n`);

export const countRecords = ({ shards }: MachineEntry): number =>
  shards.reduce((sum, { records }) => sum + records, 0);
