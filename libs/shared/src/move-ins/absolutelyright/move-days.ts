import { AppError } from '../../errors';
import type { MoveContext } from '../kinds';
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
    if (machine === undefined || machine.trim() === '') throw machineMissing();
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

/** Of rows that do not say which machine they are of. */
export function machineMissing(): AppError {
  return new AppError('invalid_input', 'this source does not say which machine it is of', {
    hint: 'Say it: --machine LABEL. coffee-roadmap machines lists yours.',
  });
}
