import { listMachines } from '../../machines/queries';
import { MACHINE_ID } from '../../records/record-id';
import { findMachine } from '../find-machine';
import type { MoveContext } from '../kinds';
import { MachineMissing } from '../machine-missing';
import { moveMachine } from '../queries';
import type { TtSource } from './open-source';

export interface FoundMachine {
  id: string;
  /** For a machine that is made known by its first records. */
  label: string | undefined;
}

/**
 * Which machine of ours one of tt's is. A machine that both call so is one machine, and what both recorded of
 * it is there once; else tt's id becomes ours. What says no machine is of `--machine`, or of the machine on
 * which the folder was. Throws MachineMissing where nothing says it.
 */
export async function createMachineFinder(
  { session, machine }: MoveContext,
  { home, labels }: TtSource,
): Promise<(ttId: string | null) => Promise<FoundMachine>> {
  const known = await listMachines(session);
  const found = new Map<string | null, FoundMachine>();
  const find = async (ttId: string | null): Promise<FoundMachine> => {
    if (ttId === null && machine !== undefined && machine.trim() !== '')
      return { id: await moveMachine(session, machine), label: undefined };
    const id = ttId ?? home?.id;
    if (id === undefined) throw new MachineMissing();
    if (known.some((one) => one.id === id)) return { id, label: undefined };
    const label = labels.get(id) ?? (id === home?.id ? home.label : null) ?? undefined;
    const same = label === undefined ? undefined : findMachine(known, label);
    if (same !== undefined) return { id: same.id, label: undefined };
    if (MACHINE_ID.test(id)) return { id, label };
    return { id: await moveMachine(session, label ?? id), label: undefined };
  };
  return async (ttId) => {
    const machineOfIt = found.get(ttId) ?? (await find(ttId));
    found.set(ttId, machineOfIt);
    return machineOfIt;
  };
}
