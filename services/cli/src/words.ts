import type { ItemState } from '@coffee-roadmap/shared/roadmap/queries';
import type { Colours } from './terminal/colour';

const STATES: Record<ItemState, { sign: string; words: string }> = {
  planned: { sign: '○', words: 'planned' },
  in_progress: { sign: '◐', words: 'in progress' },
  in_review: { sign: '◆', words: 'in review' },
  done: { sign: '✓', words: 'done' },
  blocked: { sign: '✗', words: 'blocked' },
};

/** `◆ in review`; `merging` once somebody has accepted it. */
export function stateWords(item: { state: ItemState; accepted_at?: Date | null }): string {
  const { sign, words } = STATES[item.state];
  const merging = item.state === 'in_review' && item.accepted_at != null;
  return `${sign} ${merging ? 'merging' : words}`;
}

/** Colours what stateWords gave. */
export function paintState(colours: Colours): (text: string) => string {
  return (text) => {
    if (text.startsWith('◐')) return colours.yellow(text);
    if (text.startsWith('◆')) return colours.magenta(text);
    if (text.startsWith('✓')) return colours.green(text);
    if (text.startsWith('✗')) return colours.red(text);
    return text;
  };
}

/** `$0.42`; what is less than a cent and more than nothing says so. */
export function formatUsd(usd: string | number): string {
  const value = Number(usd);
  if (value > 0 && value < 0.005) return '<$0.01';
  return `$${value.toFixed(2)}`;
}

/** A cost; `?` where calls have none that is known. */
export function costOf(usd: number | null, unpriced: boolean): string {
  if (unpriced) return usd === null || usd === 0 ? '?' : `${formatUsd(usd)}+?`;
  return usd === null ? '' : formatUsd(usd);
}

/** What attempts cost; marked where AS_REPORTED has to be said below. */
export function formatSpent(of: { cost_usd: string | number; as_reported: boolean }): string {
  return `${formatUsd(of.cost_usd)}${of.as_reported ? '*' : ''}`;
}

export const AS_REPORTED =
  '* not all calls have a price: as the agent reported it, or the priced if larger';

/** `1 question`, `2 questions`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `950`, `12.3k`, `4.56M`: three figures are enough to compare. */
export function formatTokens(n: number): string {
  if (Math.abs(n) < 1_000) return String(n);
  const [unit, by] =
    Math.abs(n) < 999_500 ? ['k', 1e3] : Math.abs(n) < 999.5e6 ? ['M', 1e6] : ['G', 1e9];
  return `${(n / (by as number)).toPrecision(3).replace(/e\+?\d+$/, '')}${unit}`;
}
