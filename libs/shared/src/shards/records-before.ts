import { parseJson } from './manifest';
import type { RecordV1 } from './write-v1';

const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * The records of a `usage_data_*.json` as they stand there, where it is of one of `machineNames`; with
 * `first`, an instant in UTC, those before it alone. None of a file that is no file of version 1.0.
 */
export function recordsBefore(
  text: string,
  machineNames: readonly string[],
  first: string | undefined,
): RecordV1[] {
  const found = parseJson(text) as { machine_name?: unknown; records?: unknown } | undefined;
  if (typeof found?.machine_name !== 'string' || !Array.isArray(found.records)) return [];
  if (!machineNames.includes(found.machine_name)) return [];
  return (found.records as unknown[]).flatMap((one) => {
    const record = (one ?? {}) as RecordV1;
    const ms = typeof record.timestamp === 'string' ? Date.parse(record.timestamp) : NaN;
    if (Number.isNaN(ms)) return [];
    const at = new Date(ms).toISOString();
    if (first !== undefined && at >= first) return [];
    // A file's name is made of it.
    const date = DAY.test(String(record.date)) ? record.date! : at.slice(0, 10);
    return [{ ...record, date }];
  });
}
