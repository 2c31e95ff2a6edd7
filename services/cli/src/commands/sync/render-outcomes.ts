import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderCounts } from '../import/render-counts';
import type { RemoteOutcome } from './remote-outcome';

/** A block for each remote; of a single one that failed only the error that follows speaks. */
export function renderOutcomes(
  { colours }: Pick<Output, 'colours'>,
  outcomes: readonly RemoteOutcome[],
): string {
  return outcomes
    .flatMap((outcome) => {
      if (outcome.state === 'failed') {
        if (outcomes.length === 1) return [];
        const { message, hint } = outcome.error;
        return [
          colours.red(stripEscapes(message)),
          ...(hint === undefined ? [] : [colours.dim(`  ${stripEscapes(hint)}`)]),
        ];
      }
      const { machine, counts, anew } = outcome.result;
      const name =
        machine.label === outcome.remote ? outcome.remote : `${outcome.remote} (${machine.label})`;
      return [
        `${colours.bold(stripEscapes(name))}: ${renderCounts(counts)}`,
        ...(anew ? [colours.dim('  its spool was pruned or replaced; all of it was read')] : []),
      ];
    })
    .join('\n');
}
