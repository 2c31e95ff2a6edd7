import { daysOf, patternsIn, type PhraseDay } from '@coffee-roadmap/shared/phrases/days';
import { listOwnPhrases, listPhraseTotals } from '@coffee-roadmap/shared/phrases/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { renderBars } from '../../terminal/bars';
import { count } from '../../words';
import { FIRST, readDisplayNames, type DisplayNames } from './display-names';

interface TodayOptions extends CommonOptions {
  everyone?: boolean;
}

export function registerToday(phrases: Command, context: Context): void {
  addVerb(phrases, 'today', 'today’s counts over all your machines; days are UTC', {
    examples: ['phrases today', 'phrases today --everyone', 'phrases today --json'],
    isDefault: true,
  })
    .option('--everyone', 'over everybody who shares this database')
    .action((options: TodayOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const today = await readToday(session, options);
        const names = await readDisplayNames(context, session);
        out.result(today, () => render(out, today, names));
      }),
    );
}

export async function readToday(
  session: Session<'person'>,
  { everyone }: { everyone?: boolean },
): Promise<PhraseDay> {
  const day = new Date().toISOString().slice(0, 10);
  const counts =
    everyone === true
      ? await listPhraseTotals(session, day)
      : await listOwnPhrases(session, { since: day });
  return daysOf(counts).find((entry) => entry.day === day) ?? { day, total_messages: 0 };
}

function render(out: Output, today: PhraseDay, names: DisplayNames): string {
  const rows = patternsIn([today], FIRST).map((name) => ({
    label: names.get(name) ?? name,
    value: Number(today[name] ?? 0),
  }));
  return [
    renderBars(rows, { width: Math.min(out.width, 60), paint: out.colours.cyan }),
    '',
    out.colours.dim(`${today.day} (UTC), of ${count(today.total_messages, 'message')}`),
  ].join('\n');
}
