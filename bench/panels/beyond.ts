import { millis, whole } from '../report/report';
import type { Found } from './measure-panels';

/**
 * Ten times the most calls that were measured, computed: a panel grows once more as it did over the measured
 * decade, a recompute with the calls. Nobody ran it.
 */
export function computeBeyond(sizes: number[], found: Found[], recomputed: number[]): string[][] {
  const [least, most] = [sizes[1]!, sizes.at(-1)!];
  const decades = Math.log10(most / least) || 1;
  const label = `${whole(most * 10)} computed`;
  const panels = [...new Set(found.map(({ panel }) => panel))].map((panel) => {
    const at = (calls: number): number =>
      found.find((one) => one.panel === panel && one.calls === calls)!.asked;
    return [panel, label, millis(at(most) * (at(most) / at(least)) ** (1 / decades)), '', ''];
  });
  const again = millis(recomputed.at(-1)! * 10);
  return [...panels, ['the first, recomputed from the calls', label, '', '', again]];
}
