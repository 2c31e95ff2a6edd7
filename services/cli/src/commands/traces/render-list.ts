import type { ListedTrace } from '@coffee-roadmap/shared/traces/person-queries';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { formatDuration } from '../../terminal/duration';
import { renderTable } from '../../terminal/table';
import { costOf, formatTokens } from '../../words';

/** How long it took, as far as anything of it has ended. */
export function tookOf({ at, ended_at }: { at: Date; ended_at: Date | null }): string {
  return ended_at === null || ended_at < at
    ? ''
    : formatDuration(ended_at.getTime() - at.getTime());
}

/** `chosen`: only some were asked for. */
export function renderTraceList(
  out: Output,
  traces: readonly ListedTrace[],
  chosen: boolean,
): string {
  if (traces.length === 0 && chosen) {
    return 'There is no such trace.\ncoffee-roadmap traces list shows the newest of all.';
  }
  if (traces.length === 0) {
    return 'There is no trace yet.\nThe daemon writes one for each attempt; coffee-roadmap keys create lets other programs in';
  }
  const now = new Date();
  return renderTable(
    [
      { title: 'ID', flexible: true, min: 8 },
      { title: 'PROJECT', flexible: true },
      { title: 'ITEM' },
      { title: 'NAME', flexible: true, min: 18, paint: out.colours.bold },
      { title: 'BEGAN' },
      { title: 'TOOK', align: 'right' },
      { title: 'TOKENS', align: 'right' },
      { title: 'COST', align: 'right' },
    ],
    traces.map((trace) => [
      trace.id,
      trace.project,
      trace.item === null
        ? ''
        : `${trace.item}${trace.attempt === null ? '' : `/${trace.attempt}`}`,
      trace.failures > 0 ? `✗ ${trace.name ?? ''}` : trace.name,
      ago(trace.at, now),
      tookOf(trace),
      formatTokens(trace.tokens),
      costOf(trace.cost_usd, trace.unpriced_calls > 0),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
}
