/** What became of a batch: the first four add up to what was handed in. */
export interface ImportCounts {
  inserted: number;
  /** Known already, and this copy says more. */
  revised: number;
  /** Known already, or a copy of a call that counts elsewhere. */
  duplicate: number;
  refused: number;
  /** Ids that came with other contents than before, as a copied machine makes them. */
  conflicts: number;
  /** Why records were refused → how many. */
  reasons: Record<string, number>;
}

export const NO_COUNTS: ImportCounts = {
  inserted: 0,
  revised: 0,
  duplicate: 0,
  refused: 0,
  conflicts: 0,
  reasons: {},
};

export function addCounts(one: ImportCounts, other: ImportCounts): ImportCounts {
  const reasons = { ...one.reasons };
  for (const [reason, n] of Object.entries(other.reasons)) {
    reasons[reason] = (reasons[reason] ?? 0) + n;
  }
  return {
    inserted: one.inserted + other.inserted,
    revised: one.revised + other.revised,
    duplicate: one.duplicate + other.duplicate,
    refused: one.refused + other.refused,
    conflicts: one.conflicts + other.conflicts,
    reasons,
  };
}

/** How many records there were. */
export const handedIn = (counts: ImportCounts): number =>
  counts.inserted + counts.revised + counts.duplicate + counts.refused;
