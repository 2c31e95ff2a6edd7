import { parseExportHeader, parseExportTrailer } from './export-frame';
import type { ExportHeader, ExportTrailer } from './export-frame';
import { RECORD_VERSION, type MachineRecord } from './record';
import { parseRecordId } from './record-id';
import { SHAPES } from './shapes';

/** Bytes of one line without its line feed; a longer one is refused unread. */
export const MAX_RECORD_BYTES = 65_536;

export type RefusalReason =
  | 'not_utf8'
  | 'too_long'
  | 'not_json'
  | 'not_a_record'
  | 'newer_version'
  | 'unknown_type'
  | 'bad_id'
  | 'forged'
  | 'bad_field';

export type ParsedLine =
  | { kind: 'record'; record: MachineRecord; machineId: string }
  | { kind: 'header'; header: ExportHeader }
  | { kind: 'trailer'; trailer: ExportTrailer }
  | { kind: 'refused'; reason: RefusalReason; detail: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * One line of a spool or an export. Fields that the format does not know are left out, so nothing else
 * passes; a line that is not exactly right is refused with its reason. `detail` never repeats a value.
 */
export function parseLine(line: string | Uint8Array): ParsedLine {
  if (line.length > MAX_RECORD_BYTES) return refuse('too_long', `over ${MAX_RECORD_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(typeof line === 'string' ? line : utf8.decode(line));
  } catch (error) {
    return error instanceof SyntaxError
      ? refuse('not_json', 'the line is not JSON')
      : refuse('not_utf8', 'the line is not UTF-8');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('not_a_record', 'the line is no JSON object');
  return parseObject(value as Record<string, unknown>);
}

function parseObject(value: Record<string, unknown>): ParsedLine {
  if (value.type === 'export_start') {
    const header = parseExportHeader(value);
    return header ? { kind: 'header', header } : refuse('not_a_record', 'no header as known here');
  }
  if (value.type === 'export_end') {
    const trailer = parseExportTrailer(value);
    return trailer ? { kind: 'trailer', trailer } : refuse('not_a_record', 'no end as known here');
  }
  if (!Number.isSafeInteger(value.v) || Number(value.v) < 1)
    return refuse('not_a_record', 'v is no version');
  if (Number(value.v) > RECORD_VERSION)
    return refuse('newer_version', `record format ${Number(value.v)}; known is ${RECORD_VERSION}`);
  return parseRecord(value);
}

function parseRecord(value: Record<string, unknown>): ParsedLine {
  const shape = Object.hasOwn(SHAPES, String(value.type))
    ? SHAPES[value.type as MachineRecord['type']]
    : undefined;
  if (shape === undefined) return refuse('unknown_type', 'type is none that is known here');
  const id = typeof value.id === 'string' ? parseRecordId(value.id) : undefined;
  if (id === undefined) return refuse('bad_id', 'id is not machine:source:type:time:discriminator');
  const record: Record<string, unknown> = { v: value.v, id: value.id, type: value.type };
  for (const [name, field] of Object.entries(shape.fields)) {
    const found = value[name] === undefined && field.nullable ? null : value[name];
    const wrong = found === undefined ? 'is missing' : field.check(found);
    if (wrong !== undefined) return refuse('bad_field', `${name} ${wrong}`);
    record[name] = found;
  }
  if (id.source !== record.source || id.type !== record.type || id.at !== record.at)
    return refuse('forged', 'id says another source, type or time than the fields');
  const known = record as unknown as MachineRecord;
  const expected = (shape.discriminator as (of: MachineRecord) => string | null | undefined)(known);
  if (expected === undefined)
    return refuse('bad_field', 'neither message_id nor line_uuid is there');
  if (expected !== null && expected !== id.discriminator)
    return refuse('forged', 'id ends otherwise than the fields say');
  return { kind: 'record', record: known, machineId: id.machineId };
}

function refuse(reason: RefusalReason, detail: string): ParsedLine {
  return { kind: 'refused', reason, detail };
}
