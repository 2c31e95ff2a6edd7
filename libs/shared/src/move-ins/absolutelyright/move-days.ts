import type { MoveContext } from '../kinds';
import { MachineMissing } from '../machine-missing';
import { moveDays, type CountedDay } from '../queries';
import { readDays } from './read-days';

const AT_ONCE = 1000;

/** Days of phrase counts, as uploads of the machines that counted them. */
export async function moveAbsolutelyRight(context: MoveContext): Promise<void> {
  const { session, tally, path } = context;
  const waiting = new Map<string, CountedDay[]>();
  const hand = async (machine: string): Promise<void> => {
    tally.add(await moveDays(session, machine, waiting.get(machine)!));
    waiting.delete(machine);
  };
  for (const row of readDays(path)) {
    context.signal?.throwIfAborted();
    tally.read++;
    context.onProgress?.(tally.read);
    if ('reason' in row) {
      tally.refuse(row.row, row.reason);
      continue;
    }
    const machine = row.machine ?? context.machine;
    if (machine === undefined || machine.trim() === '') throw new MachineMissing();
    const { patterns, total } = row.counted;
    tally.sum('messages', total);
    for (const [name, n] of Object.entries(patterns)) tally.sum(name, n);
    const days = waiting.get(machine) ?? [];
    days.push(row.counted);
    waiting.set(machine, days);
    if (days.length === AT_ONCE) await hand(machine);
  }
  for (const machine of [...waiting.keys()]) await hand(machine);
}
