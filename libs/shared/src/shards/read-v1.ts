import { createHash } from 'node:crypto';
import { makeRecordId } from '../records/record-id';
import type { UsageRecord } from '../records/record';
import { parseLine } from '../records/parse-line';
import { serialiseRecord } from '../records/serialise-record';
import { parseJson } from './manifest';

/** A `usage_data_*.json` of version 1.0 as records of ours. */
export interface FileV1 {
  machineName: string;
  machineId: string;
  lines: Buffer[];
  refused: number;
}

/**
 * A machine of version 1.0 has only a name, which others may use too: the id is made of it and of whose
 * it is, so that everybody who reads it for this person makes the same.
 */
export function machineIdV1(owner: string, machineName: string): string {
  const hex = createHash('sha256').update(`ccu 1.0\n${owner}\n${machineName}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Undefined for a file that is none. `before`: later records are left out, another source has them. */
export function readV1(text: string, owner: string, before?: string): FileV1 | undefined {
  const found = parseJson(text) as { machine_name?: unknown; records?: unknown } | undefined;
  if (typeof found?.machine_name !== 'string' || !Array.isArray(found.records)) return undefined;
  const machineName = found.machine_name.slice(0, 100);
  const machineId = machineIdV1(owner, machineName);
  const file: FileV1 = { machineName, machineId, lines: [], refused: 0 };
  for (const one of found.records as unknown[]) {
    const line = toLine(machineId, one);
    if (line === undefined) file.refused += 1;
    else if (before === undefined || line.at < before) file.lines.push(line.bytes);
  }
  return file;
}

function toLine(machineId: string, value: unknown): { at: string; bytes: Buffer } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const from = value as Record<string, unknown>;
  const ms = typeof from.timestamp === 'string' ? Date.parse(from.timestamp) : NaN;
  if (Number.isNaN(ms)) return undefined;
  const at = new Date(ms).toISOString();
  const uuid = from.message_uuid as string;
  const record = {
    v: 1,
    id: makeRecordId({ machineId, source: 'claude', type: 'usage', at, discriminator: uuid }),
    at,
    type: 'usage',
    source: 'claude',
    line_uuid: uuid,
    session_id: from.session_id ?? null,
    is_sidechain: false,
    model: from.model ?? null,
    input_tokens: from.input_tokens,
    output_tokens: from.output_tokens,
    cache_read_tokens: from.cache_read_tokens ?? 0,
    cache_write_5m_tokens: from.cache_creation_tokens ?? 0,
    cache_write_1h_tokens: 0,
    folder: from.folder ?? null,
    git_branch: from.git_branch ?? null,
    version: from.version ?? null,
  };
  const parsed = parseLine(JSON.stringify(record));
  if (parsed.kind !== 'record') return undefined;
  return { at, bytes: Buffer.from(serialiseRecord(parsed.record as UsageRecord)) };
}
