import type { MachineRecord } from './record';

/** One line without its line feed. What is null is left out: it is what is not known. */
export function serialiseRecord(record: MachineRecord): string {
  const { v, id, at, type, source, ...rest } = record;
  return JSON.stringify({ v, id, at, type, source, ...rest }, (_, value: unknown) =>
    value === null ? undefined : value,
  );
}
