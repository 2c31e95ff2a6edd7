import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson, writePrivateText } from '../config/private-file';
import { AppError } from '../errors';
import { MACHINE_ID } from '../records/record-id';
import { cleanLabel } from './default-label';
import { hardwareMark } from './hardware';

/** machine.json: `machine_id` never changes, `label` is for people alone. */
export interface MachineIdentity {
  machine_id: string;
  label: string;
}

export const NO_IDENTITY = "No machine identity found. Run 'coffee-roadmap init' first.";

const MEND = 'Restore it from a backup; or move it away and run coffee-roadmap init for a new one.';

export const identityFile = ({ data }: Paths): string => path.join(data, 'machine.json');
const markFile = ({ state }: Paths): string => path.join(state, 'machine-hardware');

/** Undefined where none was made yet. Throws `not_configured` for a file that is none. */
export function findIdentity(paths: Paths): MachineIdentity | undefined {
  const file = identityFile(paths);
  const found = readPrivateJson<Partial<MachineIdentity>>(file, MEND);
  if (found === undefined) return undefined;
  const { machine_id, label } = found;
  if (typeof machine_id !== 'string' || !MACHINE_ID.test(machine_id)) {
    throw new AppError('not_configured', `${file} names no machine`, { hint: MEND });
  }
  return { machine_id, label: cleanLabel(typeof label === 'string' ? label : '') || 'machine' };
}

/** For whatever makes or exports records. Throws `not_configured` where `init` was never run. */
export function requireIdentity(paths: Paths): MachineIdentity {
  const found = findIdentity(paths);
  if (found) return found;
  throw new AppError('not_configured', NO_IDENTITY, {
    hint: 'coffee-roadmap init --label NAME makes one for this machine, once.',
  });
}

/**
 * Makes the identity where there is none; of several that try at once one makes it and all get that one.
 * `label` given changes the label of one that is there.
 */
export function ensureIdentity(
  paths: Paths,
  { label, fallback }: { label: string | undefined; fallback: () => string },
): { identity: MachineIdentity; created: boolean } {
  const wanted = label === undefined ? undefined : cleanLabel(label);
  if (wanted === '') {
    throw new AppError('invalid_input', 'the label holds nothing that can be shown', {
      hint: 'Give it a name, as in coffee-roadmap init --label devbox.',
    });
  }
  ensurePrivateFolder(paths.data);
  const created = !existsSync(identityFile(paths)) && create(paths, wanted ?? fallback());
  const identity = requireIdentity(paths);
  if (created) rememberHardware(paths, identity.machine_id);
  if (wanted === undefined || wanted === identity.label) return { identity, created };
  const renamed = { ...identity, label: wanted };
  writePrivateJson(identityFile(paths), renamed);
  return { identity: renamed, created };
}

/** False: another process was first. A link, because it appears whole or not at all. */
function create(paths: Paths, label: string): boolean {
  const draft = path.join(paths.data, `.machine.${randomUUID()}`);
  const identity: MachineIdentity = { machine_id: randomUUID(), label };
  try {
    writeFileSync(draft, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600, flush: true });
    linkSync(draft, identityFile(paths));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether the identity came with a copied home: it was made on other hardware than this. */
export function isCopied(paths: Paths, { machine_id }: MachineIdentity): boolean {
  const mark = hardwareMark(machine_id);
  if (mark === undefined) return false;
  try {
    return readFileSync(markFile(paths), 'utf8').trim() !== mark;
  } catch {
    return false; // it was never known
  }
}

/** From now on this hardware is the machine's own. */
export function rememberHardware(paths: Paths, machineId: string): void {
  const mark = hardwareMark(machineId);
  if (mark !== undefined) writePrivateText(markFile(paths), `${mark}\n`);
}
