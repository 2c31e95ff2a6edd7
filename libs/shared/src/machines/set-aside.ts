import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';
import { findIdentity, identityFile, type MachineIdentity } from './identity';

/** Data and state of a machine, below the two folders: what a copied home brought along. */
const BELONGINGS: readonly ['data' | 'state', string][] = [
  ['data', 'spool'],
  ['data', 'texts'],
  ['state', 'collector'],
  ['state', 'machine-hardware'],
];

/**
 * Moves the identity and what was collected under it into a folder of its own, so that the next `init`
 * makes a new machine that collects from the beginning. Undefined where there was none.
 */
export function setAside(paths: Paths): { identity: MachineIdentity; folder: string } | undefined {
  const identity = findIdentity(paths);
  if (identity === undefined) return undefined;
  const folder = freeName(path.join(paths.data, `machine-${identity.machine_id.slice(0, 8)}`));
  ensurePrivateFolder(folder);
  for (const [place, name] of BELONGINGS) {
    const from = path.join(paths[place], name);
    if (existsSync(from)) renameSync(from, path.join(folder, name));
  }
  renameSync(identityFile(paths), path.join(folder, 'machine.json'));
  return { identity, folder };
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let i = 2; existsSync(name); i += 1) name = `${wanted}-${i}`;
  return name;
}
