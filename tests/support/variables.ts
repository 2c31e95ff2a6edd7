/** Settings in small letters get the prefix; others are variables as they are. */
export function asVariables(
  prefix: string,
  settings: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      /^[a-z]/.test(name) ? `${prefix}${name.toUpperCase()}` : name,
      value,
    ]),
  );
}
