/**
 * `known` in its order, with what only `wanted` names behind its neighbour there; what stands before any that
 * is known goes before the first of those, or to the end where there is none.
 */
export function behindNeighbours(known: readonly string[], wanted: readonly string[]): string[] {
  const there = new Set(known);
  const first = wanted.find((one) => there.has(one));
  const leading: string[] = [];
  const behind = new Map<string, string[]>();
  let group = leading;
  for (const one of wanted)
    if (there.has(one)) behind.set(one, (group = []));
    else group.push(one);
  return [
    ...known.flatMap((one) => [...(one === first ? leading : []), one, ...(behind.get(one) ?? [])]),
    ...(first === undefined ? leading : []),
  ];
}
