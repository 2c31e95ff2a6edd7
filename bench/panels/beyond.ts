import { millis, whole } from '../report/report';
import type { Found } from './measure-panels';

/** The sizes between which growth is told: from a million on, where there are more. */
export function growthOver(sizes: number[]): { least: number; most: number } {
  return { least: sizes.length > 2 ? sizes[1]! : sizes[0]!, most: sizes.at(-1)! };
}

/**
 * Ten times the most calls that were measured, computed: a panel grows once more as it did over the measured
 * decade, a recompute with the calls. Nobody ran it.
 */
export function computeBeyond(sizes: number[], found: Found[], recomputed: number[]): string[][] {
  const { least, most } = growthOver(sizes);
  const decades = Math.log10(most / least);
  const calls = whole(most * 10);
  const panels = [...new Set(found.map(({ panel }) => panel))].map((panel) => {
    const at = (calls: number): number =>
      found.find((one) => one.panel === panel && one.calls === calls)!.asked;
    const grown = at(most) * (at(most) / at(least)) ** (1 / decades);
    return [panel, calls, millis(grown), 'computed', ''];
  });
  const again = millis(recomputed.at(-1)! * 10);
  return [...panels, ['the first, without sums', calls, '', 'computed', again]];
}
