import { sql } from 'kysely';
import type { Session } from '../../db/session';

/**
 * Titles of `local:` issues by their id, of the caller's roadmaps; a number that priorities of several
 * projects have is left out.
 */
export async function loadLocalTitles(
  session: Session<'person'>,
  issues: readonly string[],
): Promise<Map<string, string>> {
  const numbers = issues.flatMap((id) => (id.startsWith('local:') ? [id.slice(6)] : []));
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<{ number: string; title: string }>`
    select i.number, min(i.title) as title from coffee.roadmap_items i
    where i.number = any (${numbers}::text[]) group by i.number having count(*) = 1`.execute(
    session.db,
  );
  return new Map(rows.map(({ number, title }) => [`local:${number}`, title]));
}
