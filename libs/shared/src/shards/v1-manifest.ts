/** One machine of a manifest of version 1.0, as ccu wrote it. */
export interface MachineV1 {
  machine_name: string;
  last_sync: string;
  last_record_date: string | null;
  total_records: number;
  current_file: string;
  data_files: string[];
  backups: string[];
}

export interface ManifestV1 {
  version: '1.0';
  last_updated: string;
  machines: MachineV1[];
  backup_retention_days: number;
}

/** A file name that stays where it is put. A machine of version 1.0 is known by its name alone. */
export const SAFE_V1_FILE = /^usage_data_[\p{L}\p{N} ._@()-]{1,120}\.json$/u;

export const isV1File = (name: string): boolean => SAFE_V1_FILE.test(name) && !name.includes('..');

/** `manifest` is parsed JSON; undefined where it is none of version 1.0. Names that would lead
 * elsewhere are told and left out. */
export function parseManifestV1(
  manifest: unknown,
  tell: (refused: { file: string; reason: string }) => void = () => undefined,
): ManifestV1 | undefined {
  const found = manifest as Partial<ManifestV1> | undefined;
  if (found?.version !== '1.0' || !Array.isArray(found.machines)) return undefined;
  const files = (value: unknown): string[] => {
    const names = Array.isArray(value) ? (value as unknown[]) : [];
    return names.filter((name): name is string => {
      const good = typeof name === 'string' && isV1File(name);
      if (!good) tell({ file: String(name).slice(0, 200), reason: 'not a name of version 1.0' });
      return good;
    });
  };
  return {
    version: '1.0',
    last_updated: text_(found.last_updated),
    machines: found.machines.slice(0, 1_000).flatMap((one: Partial<MachineV1> | null) => {
      if (typeof one !== 'object' || one === null || typeof one.machine_name !== 'string')
        return [];
      const current = files([one.current_file]);
      return {
        machine_name: one.machine_name.slice(0, 100),
        last_sync: text_(one.last_sync),
        last_record_date: typeof one.last_record_date === 'string' ? one.last_record_date : null,
        total_records: count(one.total_records),
        current_file: current[0] ?? '',
        data_files: one.data_files === undefined ? current : files(one.data_files),
        backups: files(one.backups),
      };
    }),
    backup_retention_days: count(found.backup_retention_days) || 30,
  };
}

const text_ = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 40) : '');
const count = (value: unknown): number =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0;

/** With this machine's entry in place of older ones of the same name, or of `names` that it had. */
export function withMachineV1(
  before: ManifestV1 | undefined,
  mine: MachineV1,
  names: readonly string[] = [],
): ManifestV1 {
  const taken = new Set([mine.machine_name, ...names]);
  const others = (before?.machines ?? []).filter((one) => !taken.has(one.machine_name));
  const old = before?.machines.find((one) => one.machine_name === mine.machine_name);
  const machines = [...others, { ...mine, backups: old?.backups ?? [] }].sort((a, b) =>
    a.machine_name < b.machine_name ? -1 : 1,
  );
  return {
    version: '1.0',
    last_updated:
      machines
        .map(({ last_sync }) => last_sync)
        .sort()
        .at(-1) ?? mine.last_sync,
    machines,
    backup_retention_days: before?.backup_retention_days ?? 30,
  };
}
