import { cleanLabel } from '../machines/default-label';
import type { Machine } from '../machines/queries';

/**
 * A person's machine by its id, its label or an earlier one, in any case; in this order. Of several the one
 * that `priv.machine_by_name` takes, but none is made: a source that says an id brings that machine itself.
 */
export function findMachine(machines: readonly Machine[], name: string): Machine | undefined {
  const wanted = cleanLabel(name).toLowerCase();
  if (wanted === '') return undefined;
  const known = [...machines].sort(firstKnown);
  return (
    known.find(({ id }) => id === wanted) ??
    known.find(({ label }) => label.toLowerCase() === wanted) ??
    known.find(({ aliases }) => aliases.some((alias) => alias.toLowerCase() === wanted))
  );
}

/** Those with an id of their own, then the older, then by id. */
function firstKnown(one: Machine, other: Machine): number {
  return (
    Number(one.named_only) - Number(other.named_only) ||
    one.created_at.getTime() - other.created_at.getTime() ||
    (one.id < other.id ? -1 : 1)
  );
}
