import { widthOf } from './terminal/width';

const BETWEEN = ' · ';

/** Short facts side by side, in as many lines of at most `width` columns as they need. */
export function joinFacts(facts: readonly string[], width: number, indent = 0): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  for (const fact of facts) {
    if (fact === '') continue;
    const last = lines.at(-1);
    const joined = last === undefined ? undefined : `${last}${BETWEEN}${fact}`;
    if (joined !== undefined && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(`${margin}${fact}`);
  }
  return lines.join('\n');
}
