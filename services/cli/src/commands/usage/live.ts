import { BLOCK_MS, figuresOf, type BlockFigures } from '@coffee-roadmap/shared/usage/blocks';
import { findOpenBlock } from '@coffee-roadmap/shared/usage/open-block';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { renderBars } from '../../terminal/bars';
import { shortCount, usd } from '../../terminal/figures';

export function registerLive(usage: Command, context: Context): void {
  addVerb(usage, 'live', 'the five-hour block that is open: used, burn rate, where it leads', {
    examples: ['usage live', 'usage live --json'],
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const now = new Date();
      const block = await findOpenBlock(session, now);
      if (block === undefined) {
        out.result(
          { block: null },
          () => 'No block is open: nothing was used in the last five hours.',
        );
        return;
      }
      const figures = figuresOf(block, now);
      out.result({ block: document(block.startedAt, block.endsAt, figures) }, () =>
        render(out, block.startedAt, block.endsAt, now, figures),
      );
    }),
  );
}

function document(startedAt: Date, endsAt: Date, figures: BlockFigures): object {
  const { cost_nanos, cost_nanos_per_hour, projected_cost_nanos, ...rest } = figures;
  return {
    started_at: startedAt,
    ends_at: endsAt,
    ...rest,
    cost_usd: Number(cost_nanos) / 1e9,
    cost_usd_per_hour: Number(cost_nanos_per_hour) / 1e9,
    projected_cost_usd: Number(projected_cost_nanos) / 1e9,
  };
}

function render(
  out: Output,
  startedAt: Date,
  endsAt: Date,
  now: Date,
  figures: BlockFigures,
): string {
  const clock = (at: Date): string =>
    at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const gone = now.getTime() - startedAt.getTime();
  const left = `${Math.floor(figures.minutes_left / 60)} h ${figures.minutes_left % 60} min left`;
  return [
    out.colours.bold(`Block ${clock(startedAt)} to ${clock(endsAt)}`),
    renderBars(
      [
        { label: 'time', value: gone, text: left },
        { label: '', value: BLOCK_MS, text: '5 h' },
      ],
      { width: out.width, paint: out.colours.cyan },
    ).split('\n')[0]!,
    '',
    `used       ${usd(figures.cost_nanos)}, ${shortCount(figures.tokens)} tokens in ${figures.calls} calls`,
    `burn rate  ${usd(figures.cost_nanos_per_hour)} an hour, ${shortCount(Math.round(figures.tokens_per_minute))} tokens a minute`,
    `at the end ${usd(figures.projected_cost_nanos)}, ${shortCount(figures.projected_tokens)} tokens, if it goes on like that`,
    `models     ${figures.models.join(', ')}`,
    ...(figures.unpriced_calls > 0 ? [`${figures.unpriced_calls} calls have no known price.`] : []),
  ].join('\n');
}
