import type { Machine } from '../machines/queries';

/** A person's machine by its id, its label or an earlier one, in any case; in this order. */
export function findMachine(machines: readonly Machine[], name: string): Machine | undefined {
  const wanted = name.trim().toLowerCase();
  return (
    machines.find(({ id }) => id === wanted) ??
    machines.find(({ label }) => label.toLowerCase() === wanted) ??
    machines.find(({ aliases }) => aliases.some((alias) => alias.toLowerCase() === wanted))
  );
}
