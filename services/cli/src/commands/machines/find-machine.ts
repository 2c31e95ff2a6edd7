import { AppError } from '@coffee-roadmap/shared/errors';
import type { Machine } from '@coffee-roadmap/shared/machines/queries';

/** By id, the beginning of one, or label. Throws `not_found`, and `conflict` where several are meant. */
export function findMachine(machines: readonly Machine[], name: string): Machine {
  const wanted = name.toLowerCase();
  const exact = machines.filter(({ id, label }) => id === wanted || label.toLowerCase() === wanted);
  const found =
    exact.length > 0
      ? exact
      : machines.filter(
          ({ id, aliases }) =>
            [...aliases.map((alias) => alias.toLowerCase())].includes(wanted) ||
            (wanted.length >= 4 && id.startsWith(wanted)),
        );
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new AppError('not_found', `you have no machine "${name}"`, {
      hint: 'coffee-roadmap machines lists them.',
    });
  throw new AppError('conflict', `"${name}" is ${found.length} of your machines`, {
    hint: `Name one by its id: ${found.map(({ id }) => id.slice(0, 8)).join(', ')}.`,
  });
}
