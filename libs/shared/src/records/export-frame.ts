import { MACHINE_ID } from './record-id';

/**
 * The first line of an export: who speaks, which version, and from where on. `after_found` false: the
 * cursor is unknown here, so everything follows.
 */
export interface ExportHeader {
  readonly type: 'export_start';
  /** Of the record format, the highest that follows. */
  readonly v: number;
  readonly program: string;
  readonly program_version: string;
  readonly machine_id: string;
  readonly label: string;
  readonly after: string | null;
  readonly after_found: boolean;
}

/** The last line: without it the export was cut off. `last_id` is the next cursor. */
export interface ExportTrailer {
  readonly type: 'export_end';
  readonly records: number;
  readonly last_id: string | null;
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;

/** Undefined for what is no header. */
export function parseExportHeader(line: Record<string, unknown>): ExportHeader | undefined {
  const { v, program, program_version, machine_id, label, after, after_found } = line;
  if (line.type !== 'export_start' || !Number.isSafeInteger(v)) return undefined;
  if (!isText(program, 64) || !isText(program_version, 64) || !isText(label, 200)) return undefined;
  if (!isText(machine_id, 36) || !MACHINE_ID.test(machine_id)) return undefined;
  if ((after !== null && !isText(after, 600)) || typeof after_found !== 'boolean') return undefined;
  return {
    type: 'export_start',
    v: Number(v),
    program,
    program_version,
    machine_id,
    label,
    after,
    after_found,
  };
}

/** Undefined for what is no trailer. */
export function parseExportTrailer(line: Record<string, unknown>): ExportTrailer | undefined {
  const { records, last_id } = line;
  if (line.type !== 'export_end' || !Number.isSafeInteger(records)) return undefined;
  if (last_id !== null && !isText(last_id, 600)) return undefined;
  return { type: 'export_end', records: Number(records), last_id };
}
