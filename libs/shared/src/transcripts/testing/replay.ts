import type { Dice } from './dice';

/** Some of the lines once more, as a resumed session repeats them. */
export function copyLines(dice: Dice, lines: readonly string[]): string[] {
  const from = dice.below(lines.length);
  return lines.slice(from, from + 1 + dice.below(6));
}

/**
 * The first lines of a session as a fork writes them: under the new session id; `aside` for a side
 * question, which marks them as side chain and gives them new request ids.
 */
export function rewriteLines(
  dice: Dice,
  lines: readonly string[],
  { sessionId, aside }: { sessionId: string; aside: boolean },
): string[] {
  return lines.slice(0, 1 + dice.below(lines.length)).map((text) => {
    const line = parse(text);
    if (line?.uuid === undefined) return text;
    if (line.sessionId !== '') line.sessionId = sessionId;
    if (aside) line.isSidechain = true;
    if (aside && typeof line.requestId === 'string' && line.requestId !== '')
      line.requestId = `req_${dice.hex(20)}`;
    return JSON.stringify(line);
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // an odd line stays as it is
  }
}
