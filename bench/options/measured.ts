import { median } from '../figures/statistics';
import type { OptionName } from './place';
import type { Run } from './run-workload';

/** All rounds of one option with one number of processes. */
export interface Measured {
  option: OptionName;
  processes: number;
  runs: Run[];
}

export function middle({ runs }: Measured, key: keyof Run): number {
  return median(runs.map((run) => run[key]));
}
