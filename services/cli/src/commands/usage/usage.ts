import { AppError } from '@coffee-roadmap/shared/errors';
import { parseDate } from '@coffee-roadmap/shared/time/periods/local-date';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import {
  GROUPINGS,
  rowsOf,
  type Grouping,
  type UsageFilter,
} from '@coffee-roadmap/shared/usage/groupings';
import { listUsage, repriceUsage } from '@coffee-roadmap/shared/usage/queries';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { registerLive } from './live';
import { renderUsage } from './render-usage';
import { usageCsv, usageDocument } from './usage-document';

interface UsageOptions extends CommonOptions {
  since?: string;
  until?: string;
  timezone?: string;
  project?: string;
  csv?: boolean;
  breakdown?: boolean;
}

const WORDS: Record<Grouping, string> = {
  daily: 'tokens and cost by day',
  weekly: 'by week, from Monday on',
  monthly: 'by month',
  session: 'by session, the dearest first',
  project: 'by folder, the dearest first',
  model: 'by model, the dearest first',
  machine: 'by machine, the dearest first',
  branch: 'by git branch, the dearest first',
};

export function registerUsage(program: Command, context: Context): void {
  const usage = addNoun(program, 'usage', 'tokens and cost over all your machines', {
    examples: ['usage', 'usage monthly --json', 'usage project --since 2026-11-01', 'usage live'],
  });
  for (const grouping of GROUPINGS) registerGrouping(usage, context, grouping);
  registerLive(usage, context);
  addVerb(usage, 'reprice', 'price your calls by the price list as it is now', {
    examples: ['usage reprice'],
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const calls = await repriceUsage(session);
      out.result({ calls }, () => `${calls} calls cost something else now.`);
    }),
  );
}

function registerGrouping(usage: Command, context: Context, grouping: Grouping): void {
  addVerb(usage, grouping, WORDS[grouping], {
    examples: [
      `usage ${grouping}`,
      `usage ${grouping} --since 2026-11-01 --timezone Europe/Berlin`,
    ],
    isDefault: grouping === 'daily',
  })
    .option('--since <day>', 'the first day, such as 2026-11-01')
    .option('--until <day>', 'the last day')
    .option('--timezone <zone>', 'whose days; this machine’s zone if not said')
    .option('--project <folder>', 'only calls made in this folder, or in one of this name')
    .option('--breakdown', 'a line for each model')
    .option('--csv', 'comma-separated values')
    .action((options: UsageOptions) =>
      withOwnSession(context, options, async (session, out) => {
        if (options.csv === true && options.json === true)
          throw new AppError('invalid_input', '--csv and --json exclude each other');
        const rows = rowsOf(await listUsage(session, grouping, filterOf(options)));
        if (options.csv === true) return out.raw(usageCsv(grouping, rows));
        const settings = { breakdown: options.breakdown === true };
        out.result(usageDocument(grouping, rows), () => renderUsage(out, grouping, rows, settings));
      }),
    );
}

function filterOf(options: UsageOptions): UsageFilter {
  const zone = options.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    since: options.since === undefined ? undefined : parseDate(options.since),
    until: options.until === undefined ? undefined : parseDate(options.until),
    timezone: Zone.of(zone).name,
    project: options.project,
  };
}
