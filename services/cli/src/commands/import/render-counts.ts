import type { ImportCounts } from '@coffee-roadmap/shared/imports/import-counts';

/** `12 new, 3 revised, 40 known already, 1 refused (time 1)`. */
export function renderCounts(counts: ImportCounts): string {
  const reasons = Object.entries(counts.reasons)
    .sort()
    .map(([reason, n]) => `${reason} ${n}`);
  const parts = [
    `${counts.inserted} new`,
    ...(counts.revised > 0 ? [`${counts.revised} revised`] : []),
    `${counts.duplicate} known already`,
    ...(counts.refused > 0 ? [`${counts.refused} refused (${reasons.join(', ')})`] : []),
  ];
  const conflicts =
    counts.conflicts > 0
      ? `\n${counts.conflicts} ids came with other contents than before: was a home folder copied? coffee-roadmap machines says whose.`
      : '';
  return parts.join(', ') + conflicts;
}
