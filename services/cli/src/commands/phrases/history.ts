import { AppError } from '@coffee-roadmap/shared/errors';
import { daysOf, patternsIn, weeksOf, type PhraseDay } from '@coffee-roadmap/shared/phrases/days';
import { listOwnPhrases, listPhraseTotals } from '@coffee-roadmap/shared/phrases/queries';
import { parseDate } from '@coffee-roadmap/shared/time/periods/local-date';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { renderCsv } from '../../terminal/csv';
import { FIRST } from './display-names';
import { renderDays } from './render-days';

interface HistoryOptions extends CommonOptions {
  since?: string;
  until?: string;
  weekly?: boolean;
  everyone?: boolean;
  csv?: boolean;
}

export function registerHistory(phrases: Command, context: Context): void {
  addVerb(phrases, 'history', 'counts by UTC day or ISO week over all your machines', {
    examples: [
      'phrases history --since 2026-11-01',
      'phrases history --weekly',
      'phrases history --csv',
    ],
  })
    .option('--since <day>', 'the first day, such as 2026-11-01')
    .option('--until <day>', 'the last day')
    .option('--weekly', 'by ISO week')
    .option('--everyone', 'over everybody who shares this database')
    .option('--csv', 'comma-separated values')
    .action((options: HistoryOptions) =>
      withOwnSession(context, options, async (session, out) => {
        if (options.csv === true && options.json === true)
          throw new AppError('invalid_input', '--csv and --json exclude each other');
        const since = options.since === undefined ? undefined : parseDate(options.since);
        const until = options.until === undefined ? undefined : parseDate(options.until);
        const counts =
          options.everyone === true
            ? await listPhraseTotals(session, since)
            : await listOwnPhrases(session, { since, until });
        const days = daysOf(counts).filter(({ day }) => until === undefined || day <= until);
        const history = options.weekly === true ? weeksOf(days) : days;
        if (options.csv === true) return out.raw(phraseCsv(history));
        out.result({ history }, () => renderDays(out, history));
      }),
    );
}

/** A line a day, a column a pattern. */
export function phraseCsv(history: readonly PhraseDay[]): string {
  const patterns = patternsIn(history, FIRST);
  return renderCsv(
    ['day', ...patterns, 'total_messages'],
    history.map((entry) => [
      entry.day,
      ...patterns.map((name) => Number(entry[name] ?? 0)),
      entry.total_messages,
    ]),
  );
}
