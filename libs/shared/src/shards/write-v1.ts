import { parseLine } from '../records/parse-line';
import type { UsageRecord } from '../records/record';
import type { MachineV1 } from './v1-manifest';

/** Larger files were cut by ccu too: GitHub refuses large bodies. */
const CHUNK_BYTES = 7 << 20;

/** One record of version 1.0. */
export type RecordV1 = Record<string, string | number | null>;

export interface WrittenV1 {
  files: Map<string, Buffer>;
  machine: MachineV1;
}

/**
 * All usage of one machine as files of version 1.0, in order of time; one file, or one for each month and
 * piece of it. `total_cost` is what the logs themselves say, in USD. `earlier`: records from before the
 * first line, which only the files of version 1.0 hold.
 */
export function writeV1(
  machineName: string,
  lines: Iterable<Buffer>,
  pushedAt: string,
  earlier: readonly RecordV1[] = [],
): WrittenV1 {
  const stem = stemV1(machineName);
  const { records: own, cost } = finalRecords(lines);
  const records = [...[...earlier].sort(inOrder), ...own];
  const days = records.map(({ date }) => String(date));
  const chunks = cut(records);
  const files = new Map<string, Buffer>();
  for (const [ending, some] of chunks) {
    const document = {
      machine_name: machineName,
      export_date: pushedAt,
      data_range: { oldest: some[0]?.date ?? null, newest: some.at(-1)?.date ?? null },
      records: some,
      statistics: {
        total_records: records.length,
        total_sessions: new Set(records.map(({ session_id }) => session_id)).size,
        total_tokens: records.reduce(
          (sum, { total_tokens }) => sum + (Number(total_tokens) || 0),
          0,
        ),
        total_cost: Math.round(cost * 1e6) / 1e6,
      },
    };
    files.set(`${stem}${ending}.json`, Buffer.from(`${JSON.stringify(document)}\n`));
  }
  const names = [...files.keys()];
  const machine: MachineV1 = {
    machine_name: machineName,
    last_sync: pushedAt,
    last_record_date: days.at(-1) ?? null,
    total_records: records.length,
    current_file: names[0]!,
    data_files: names,
    backups: [],
  };
  return { files, machine };
}

/** With what the names of this machine's files begin. */
export function stemV1(machineName: string): string {
  const name = machineName.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80);
  return `usage_data_${name || 'machine'}`;
}

const inOrder = (a: RecordV1, b: RecordV1): number =>
  Date.parse(String(a.timestamp)) - Date.parse(String(b.timestamp));

/** Of each message the one with most tokens, as the import takes it. */
function finalRecords(lines: Iterable<Buffer>): { records: RecordV1[]; cost: number } {
  const found = new Map<string, UsageRecord>();
  const total = (one: UsageRecord): number =>
    one.input_tokens +
    one.output_tokens +
    one.cache_read_tokens +
    one.cache_write_5m_tokens +
    one.cache_write_1h_tokens;
  for (const line of lines) {
    const parsed = parseLine(line);
    if (parsed.kind !== 'record' || parsed.record.type !== 'usage') continue;
    const { record } = parsed;
    const key = record.message_id ? `${record.message_id}/${record.request_id}` : record.line_uuid!;
    const known = found.get(key);
    if (known === undefined || total(record) > total(known)) found.set(key, record);
  }
  const sorted = [...found.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const records = sorted.map((record): RecordV1 => ({
    date: record.at.slice(0, 10),
    session_id: record.session_id ?? '',
    message_uuid: record.line_uuid ?? record.message_id,
    timestamp: record.at,
    model: record.model,
    total_tokens: total(record),
    input_tokens: record.input_tokens,
    output_tokens: record.output_tokens,
    cache_creation_tokens: record.cache_write_5m_tokens + record.cache_write_1h_tokens,
    cache_read_tokens: record.cache_read_tokens,
    folder: record.folder,
    git_branch: record.git_branch,
    version: record.version,
  }));
  const cost = sorted.reduce((sum, one) => sum + Number(one.logged_cost_usd ?? 0), 0);
  return { records, cost };
}

/** By the ending of the file's name: '' alone, or `_YYYY_MM` and `_YYYY_MM_pN`. */
function cut(records: RecordV1[]): Map<string, RecordV1[]> {
  const size = (some: RecordV1[]): number =>
    some.reduce((sum, record) => sum + JSON.stringify(record).length + 1, 0);
  if (size(records) <= CHUNK_BYTES) return new Map([['', records]]);
  const chunks = new Map<string, RecordV1[]>();
  const part = new Map<string, { number: number; bytes: number }>();
  for (const record of records) {
    const month = `_${String(record.date).slice(0, 7).replace('-', '_')}`;
    const at = part.get(month) ?? { number: 1, bytes: 0 };
    const bytes = JSON.stringify(record).length + 1;
    if (at.bytes + bytes > CHUNK_BYTES) Object.assign(at, { number: at.number + 1, bytes: 0 });
    at.bytes += bytes;
    part.set(month, at);
    const ending = at.number === 1 ? month : `${month}_p${at.number}`;
    const chunk = chunks.get(ending);
    if (chunk) chunk.push(record);
    else chunks.set(ending, [record]);
  }
  return chunks;
}
