import type { Session } from '@coffee-roadmap/shared/db/session';
import { readKnownTitles } from '@coffee-roadmap/shared/issues/known-titles';
import { loadLocalTitles } from '@coffee-roadmap/shared/issues/local/queries';
import type { Context } from '../../context';

/** Titles of the issues in some lines, by id: of the roadmap, and of what this machine has seen elsewhere. */
export async function titlesOf(
  context: Context,
  session: Session<'person'>,
  lines: readonly { readonly issue: string }[],
): Promise<ReadonlyMap<string, string>> {
  const issues = [...new Set(lines.map(({ issue }) => issue))];
  return new Map([
    ...readKnownTitles(context.config().paths),
    ...(await loadLocalTitles(session, issues)),
  ]);
}
