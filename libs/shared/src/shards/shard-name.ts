import { MACHINE_ID } from '../records/record-id';

/** What the name of a shard says: whose records, of which month, and how they are written. */
export interface ShardName {
  machineId: string;
  /** `YYYY-MM`, of the records' own times in UTC. */
  month: string;
  /** From 1; a month that has grown large has several. */
  part: number;
  /** Compressed with gzip. */
  packed: boolean;
  /** As base64, where a place keeps only text. */
  asText: boolean;
}

export const MANIFEST = 'manifest.json';

const SHARD =
  /^records_([0-9a-f-]{36})_(\d{4}-(?:0[1-9]|1[0-2]))_p([1-9]\d{0,3})\.ndjson(\.gz(\.b64)?)?$/;
const ENTRY = /^machine_([0-9a-f-]{36})\.json$/;
const BACKUP = /^backup_([0-9a-f-]{36})_(\d{8})\.json$/;

/** No folders, because a gist has none: a machine's files are those with its id. */
export function shardName({ machineId, month, part, packed, asText }: ShardName): string {
  const ending = packed ? (asText ? '.gz.b64' : '.gz') : '';
  return `records_${machineId}_${month}_p${part}.ndjson${ending}`;
}

/** Undefined for every name that is not exactly one of ours. */
export function parseShardName(name: string): ShardName | undefined {
  const [, machineId = '', month = '', part, packed, asText] = SHARD.exec(name) ?? [];
  if (!MACHINE_ID.test(machineId)) return undefined;
  return { machineId, month, part: Number(part), packed: !!packed, asText: !!asText };
}

/** The file in which a machine says what it has there; nobody else writes it. */
export const entryName = (machineId: string): string => `machine_${machineId}.json`;

export function parseEntryName(name: string): string | undefined {
  const machineId = ENTRY.exec(name)?.[1];
  return machineId !== undefined && MACHINE_ID.test(machineId) ? machineId : undefined;
}

/** `day`: `YYYYMMDD`. */
export const backupName = (machineId: string, day: string): string =>
  `backup_${machineId}_${day}.json`;

export function parseBackupName(name: string): { machineId: string; day: string } | undefined {
  const [, machineId = '', day = ''] = BACKUP.exec(name) ?? [];
  return MACHINE_ID.test(machineId) ? { machineId, day } : undefined;
}

/** What may stand in a remote of ours beside what we write: a read-me, files of version 1.0. */
export const isOursOrPlain = (name: string): boolean =>
  name === MANIFEST ||
  parseEntryName(name) !== undefined ||
  parseShardName(name) !== undefined ||
  parseBackupName(name) !== undefined ||
  /^(?:usage_data_.+\.json|readme.*|\.gitattributes)$/i.test(name);
