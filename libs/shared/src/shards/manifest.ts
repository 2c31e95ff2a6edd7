import { LAYOUT_VERSION, type MachineEntry } from './machine-entry';
import type { ManifestV1 } from './v1-manifest';

/**
 * `manifest.json`: the entries of all machines in one file, for readers; made from them and never the
 * truth. Where files of version 1.0 stand beside, it says version 1.0 with their machines, and ours under
 * `coffee_roadmap`, so that their readers go on reading it.
 */
export interface Manifest {
  version: string;
  last_updated: string | null;
  machines: MachineEntry[];
  backups: string[];
}

/** The same entries give the same bytes on every machine. */
export function deriveManifest(
  entries: readonly MachineEntry[],
  backups: readonly string[],
  v1?: ManifestV1,
): Buffer {
  const machines = [...entries].sort((a, b) => (a.machine_id < b.machine_id ? -1 : 1));
  const times = machines.map(({ pushed_at }) => pushed_at).sort();
  const ours: Manifest = {
    version: LAYOUT_VERSION,
    last_updated: times.at(-1) ?? null,
    machines,
    backups: [...backups].sort(),
  };
  const document = v1 === undefined ? ours : { ...v1, coffee_roadmap: ours };
  return Buffer.from(`${JSON.stringify(document, null, 1)}\n`);
}

/** The entries that a manifest repeats, as parsed JSON; none in one that is none. */
export function manifestEntries(manifest: unknown): unknown[] {
  const found = manifest as { coffee_roadmap?: unknown; machines?: unknown } | undefined;
  const ours = (found?.coffee_roadmap ?? found) as { version?: unknown; machines?: unknown };
  if (!Array.isArray(ours?.machines) || !String(ours.version).startsWith('2.')) return [];
  return (ours.machines as unknown[]).slice(0, 10_000);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
