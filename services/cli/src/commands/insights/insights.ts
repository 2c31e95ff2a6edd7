import { parseMonth } from '@coffee-roadmap/shared/billing/month';
import { listGranularities } from '@coffee-roadmap/shared/billing/queries';
import {
  listInsights,
  publishInsights,
  type TeamInsight,
} from '@coffee-roadmap/shared/insights/queries';
import { publishedPeriods } from '@coffee-roadmap/shared/publishing/periods';
import { addDays, addMonths } from '@coffee-roadmap/shared/time/periods/local-date';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { selectTeam } from '../../select-team';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { formatUsd } from '../../words';

interface PublishOptions extends CommonOptions {
  month?: string;
}

export function registerInsights(program: Command, context: Context): void {
  const insights = addNoun(program, 'insights', 'sums over a whole team; never of a few', {
    examples: ['insights', 'insights publish --month 2026-10'],
  });
  addVerb(insights, 'list [team]', 'what the team was told so far', {
    examples: ['insights list', 'insights list design --json'],
    isDefault: true,
  }).action((named: string | undefined, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const team = await selectTeam(session, named);
      const all = await listInsights(session, team.id);
      out.result({ team: team.name, insights: all }, () => renderInsights(out, team.name, all));
    }),
  );
  addVerb(insights, 'publish [team]', 'tell the team of a closed month; for managers', {
    examples: ['insights publish', 'insights publish design --month 2026-10'],
  })
    .option('--month <month>', 'the month; the last one where left out')
    .action((named: string | undefined, options: PublishOptions) =>
      withSession(context, options, async (session, out) => {
        const team = await selectTeam(session, named);
        const last = addMonths(new Date().toISOString().slice(0, 10), -1).slice(0, 7);
        const { first, next } = parseMonth(options.month ?? last);
        const granularities = await listGranularities(session, team.id);
        for (const { firstDay } of publishedPeriods(granularities, first, addDays(next, -1))) {
          await publishInsights(session, team.id, firstDay);
        }
        const told = (await listInsights(session, team.id)).filter(
          ({ first_day }) => first_day >= first && first_day < next,
        );
        out.result({ team: team.name, insights: told }, () => renderInsights(out, team.name, told));
      }),
    );
}

function renderInsights(
  out: Pick<Output, 'colours' | 'width'>,
  team: string,
  insights: readonly TeamInsight[],
): string {
  if (insights.length === 0) {
    return `The team ${stripEscapes(team)} was told nothing so far. A manager does it:\n  coffee-roadmap insights publish --month MONTH`;
  }
  const table = renderTable(
    [
      { title: 'FROM' },
      { title: 'TO' },
      { title: 'CALLS', align: 'right' },
      { title: 'TOKENS', align: 'right' },
      { title: 'COST', align: 'right' },
      { title: 'PHRASES', align: 'right' },
    ],
    insights.map((one) => [
      ...[one.first_day, addDays(one.end_day, -1)],
      ...[shown(one.calls), shown(one.tokens), shown(one.cost_usd, formatUsd), shown(one.phrases)],
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
  const withheld = insights.some((one) =>
    [one.calls, one.tokens, one.cost_usd, one.phrases].includes(null),
  );
  if (!withheld) return table;
  return `${table}\nWithheld: it would tell of too few people, or mostly of one.`;
}

const shown = (value: number | null, format = (n: number): string => n.toLocaleString('en')) =>
  value === null ? 'withheld' : format(value);
