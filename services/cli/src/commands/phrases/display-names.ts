import type { Session } from '@coffee-roadmap/shared/db/session';
import { DEFAULT_PATTERNS, loadPatterns } from '@coffee-roadmap/shared/phrases/patterns';
import { listPatternNames } from '@coffee-roadmap/shared/phrases/queries';
import type { Context } from '../../context';

/** What patterns are called: as this machine's phrases.json says, else as the team's admin does. */
export type DisplayNames = Map<string, string>;

export async function readDisplayNames(
  context: Context,
  session: Session<'person'>,
): Promise<DisplayNames> {
  const own = loadPatterns(context.config().paths);
  const listed = (await listPatternNames(session)).map(
    ({ pattern, display_name }) => [pattern, display_name] as const,
  );
  const mine =
    own === DEFAULT_PATTERNS ? [] : own.map(({ name, display }) => [name, display] as const);
  return new Map([...listed, ...mine]);
}

/** The default patterns in their order, then others by name. */
export const FIRST = DEFAULT_PATTERNS.map(({ name }) => name);
