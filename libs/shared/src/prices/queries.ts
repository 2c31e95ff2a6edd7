import { sql } from 'kysely';
import type { Session } from '../db/session';

/** A price that counts: USD for a million tokens, as decimal text; null: not known. */
export interface Price {
  model: string;
  effective_from: Date;
  /** From a prompt of so many tokens on. */
  prompt_from: number;
  input: string | null;
  output: string | null;
  cache_read: string | null;
  cache_write_5m: string | null;
  cache_write_1h: string | null;
  fast_multiplier: number | null;
  /** Imported by an admin, in the place of what was shipped. */
  override: boolean;
  version: number;
}

/** By model, then by when and from which prompt length they count. */
export async function listPrices(session: Session<'person'>): Promise<Price[]> {
  const usd = (kind: string) => sql`trim_scale(${sql.ref(`${kind}_nanos`)}::numeric / 1000)::text`;
  const { rows } = await sql<Price>`
    select model, effective_from, prompt_from::float8 as prompt_from, ${usd('input')} as input,
      ${usd('output')} as output, ${usd('cache_read')} as cache_read,
      ${usd('cache_write_5m')} as cache_write_5m, ${usd('cache_write_1h')} as cache_write_1h,
      fast_multiplier, override, version
    from coffee.prices where active
    order by model, effective_from, prompt_from`.execute(session.db);
  return rows;
}

/**
 * Entries of a price list as db/functions/prices.sql describes them; each model that is named is
 * replaced whole. For admins. Returns the new version; throws `invalid_input`, and nothing changes.
 */
export async function importPrices(
  session: Session<'person'>,
  entries: unknown,
  note: string,
): Promise<number> {
  const { rows } = await sql<{ version: number }>`
    select coffee.import_prices(${JSON.stringify(entries)}::jsonb, ${note}) as version`.execute(
    session.db,
  );
  return rows[0]!.version;
}

/** The shipped prices of a model count again; false where they did. For admins. */
export async function resetPrices(session: Session<'person'>, model: string): Promise<boolean> {
  const { rows } = await sql<{ reset: boolean }>`
    select coffee.reset_prices(${model}) as reset`.execute(session.db);
  return rows[0]!.reset;
}

/** Prices the caller's calls anew, where nobody said what they cost; how many costs changed. */
export async function reprice(
  session: Session<'person'>,
): Promise<{ generations: number; usage_records: number }> {
  const { rows } = await sql<{ generations: number; usage_records: number }>`
    select coffee.reprice_generations()::float8 as generations,
      coffee.reprice_usage()::float8 as usage_records`.execute(session.db);
  return rows[0]!;
}
