import { drawLinePanels } from '../plot/line-panels';
import { middle, type Measured } from './measured';
import type { OptionName } from './place';
import type { Run } from './run-workload';

const SERIES = {
  A: 'A shared files',
  B: 'B copied one way',
  C: 'C Postgres, ours',
  D: 'D hybrid',
  P: 'P Postgres, bare',
};

const PANELS: [string, keyof Run][] = [
  ['writes a second, all together', 'writesPerSecond'],
  ['ms that 99 of 100 writes take', 'p99'],
  ['ms until the other side reads it', 'seenP50'],
];

/** The load's outcome as an SVG. */
export function drawOptions(measured: readonly Measured[]): string {
  const sizes = [...new Set(measured.map(({ processes }) => processes))];
  return drawLinePanels({
    title: 'The four options under the same load',
    steps: sizes.map(String),
    stepsTitle: 'processes',
    series: Object.values(SERIES),
    panels: PANELS.map(([title, key]) => ({
      title,
      lines: (Object.keys(SERIES) as OptionName[]).map((option) =>
        sizes.map((processes) =>
          middle(
            measured.find((one) => one.option === option && one.processes === processes)!,
            key,
          ),
        ),
      ),
    })),
  });
}
