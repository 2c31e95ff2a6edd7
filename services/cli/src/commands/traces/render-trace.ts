import type { ListedTrace, Observation } from '@coffee-roadmap/shared/traces/person-queries';
import type { Output } from '../../output';
import { formatDuration } from '../../terminal/duration';
import { stripEscapes } from '../../terminal/strip-escapes';
import { pad, truncate, widthOf } from '../../terminal/width';
import { costOf, formatTokens } from '../../words';
import { tookOf } from './render-list';
import { layOutTree } from './tree';

/** The trace in one line, then each step with when it began, how long it took, tokens and cost. */
export function renderTrace(
  out: Output,
  trace: ListedTrace,
  observations: readonly Observation[],
): string {
  const { colours, width } = out;
  const title = `${stripEscapes(trace.name ?? trace.id)}  ${stripEscapes(trace.project)}`;
  const facts = [
    trace.item === null ? undefined : `priority ${trace.item}`,
    trace.attempt === null ? undefined : `attempt ${trace.attempt}`,
    trace.at.toISOString().replace('T', ' ').slice(0, 19),
    tookOf(trace) || undefined,
    `${formatTokens(trace.tokens)} tokens`,
    costOf(trace.cost_usd, trace.unpriced_calls > 0),
  ].filter((fact) => fact !== undefined);
  const rows = layOutTree(observations).map(({ branch, node }) => ({
    node,
    name: `${branch}${signOf(node)} ${stripEscapes(node.name ?? node.type.toLowerCase())}`,
    cells: [
      `+${formatDuration(Math.max(0, node.at.getTime() - trace.at.getTime()))}`,
      tookOf(node),
      node.input_tokens + node.output_tokens + node.cache_read_tokens + node.cache_write_tokens > 0
        ? `${formatTokens(node.input_tokens + node.cache_read_tokens + node.cache_write_tokens)}→${formatTokens(node.output_tokens)}`
        : '',
      costOf(node.cost_usd, node.unpriced),
    ],
  }));
  const widths = [0, 1, 2, 3].map((i) =>
    Math.max(0, ...rows.map(({ cells }) => widthOf(cells[i] ?? ''))),
  );
  const room = Math.max(12, width - widths.reduce((sum, one) => sum + (one > 0 ? one + 2 : 0), 0));
  const names = Math.min(room, Math.max(12, ...rows.map(({ name }) => widthOf(name))));
  const lines = rows.flatMap(({ node, name, cells }) => {
    const shown = pad(truncate(name, names), names);
    const figures = cells.map((cell, i) =>
      widths[i]! > 0 ? `  ${pad(cell, widths[i]!, 'right')}` : '',
    );
    const line = `${node.level === 'ERROR' ? colours.red(shown) : shown}${colours.dim(figures.join(''))}`;
    const problem = node.level === 'ERROR' && node.status_message;
    const told = problem ? [colours.red(truncate(`    ${stripEscapes(problem)}`, width))] : [];
    return [line.trimEnd(), ...told];
  });
  return [
    colours.bold(truncate(title, width)),
    truncate(facts.join(' · '), width),
    ...(lines.length === 0 ? ['', 'It has no steps.'] : ['', ...lines]),
  ].join('\n');
}

function signOf({ type, level }: Observation): string {
  if (level === 'ERROR') return '✗';
  if (type === 'GENERATION' || type === 'EMBEDDING') return '◆';
  if (type === 'TOOL') return '▸';
  return type === 'EVENT' ? '·' : '○';
}
