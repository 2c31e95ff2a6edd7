import { listRates, setRate } from '@coffee-roadmap/shared/billing/queries';
import { parseDate } from '@coffee-roadmap/shared/time/periods/local-date';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';

interface SetOptions extends CommonOptions {
  person?: string;
  from?: string;
}

export function registerRates(program: Command, context: Context): void {
  const rates = addNoun(program, 'rates', 'what an hour costs, of whom and from when on', {
    examples: [
      'rates',
      'rates set shop 85',
      'rates set shop 110.50 --person Ada --from 2026-12-01',
    ],
  });
  addVerb(rates, 'list', 'the rates that you may see: your own; a manager’s all', {
    examples: ['rates list', 'rates list --json'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const all = await listRates(session);
      out.result({ rates: all }, () =>
        all.length === 0
          ? 'There is no rate that you may see. A manager sets one:\n  coffee-roadmap rates set PROJECT AMOUNT'
          : renderTable(
              [
                { title: 'PROJECT', flexible: true, min: 12, paint: out.colours.bold },
                { title: 'PERSON', flexible: true, min: 10 },
                { title: 'FROM' },
                { title: 'AN HOUR', align: 'right' },
                { title: '' },
              ],
              all.map((rate) => [
                rate.project,
                rate.person ?? 'everybody else',
                rate.effective_from,
                shortRate(rate.per_hour),
                rate.currency,
              ]),
              { width: out.width, paintTitle: out.colours.dim },
            ),
      );
    }),
  );
  addVerb(rates, 'set <project> <amount>', 'what an hour costs; for managers', {
    examples: ['rates set shop 85', 'rates set shop 110.50 --person Ada --from 2026-12-01'],
  })
    .option('--person <name>', 'only of this person; else of whoever has no rate of their own')
    .option('--from <day>', 'the first day that it holds for; this month’s where left out')
    .action((project: string, amount: string, options: SetOptions) =>
      withSession(context, options, async (session, out) => {
        if (!/^\d{1,10}(\.\d{1,4})?$/.test(amount)) {
          throw new AppError('invalid_input', `"${stripEscapes(amount)}" is no amount`, {
            hint: 'Amounts are like 85 or 110.50, in the project’s currency.',
          });
        }
        const { id, name } = await selectProject(session, context, project);
        const from = parseDate(options.from ?? `${new Date().toISOString().slice(0, 7)}-01`);
        const person = options.person ?? null;
        await setRate(session, { projectId: id, person, from, perHour: amount });
        out.result({ project: name, person, effective_from: from, per_hour: amount }, () => {
          const whose = person === null ? 'An hour' : `An hour of ${stripEscapes(person)}`;
          return `${whose} costs ${amount} in ${name} from ${from} on.`;
        });
      }),
    );
}

/** `85.00`, `85.1250`: no more decimals than it has, two at least. */
export function shortRate(perHour: string): string {
  return perHour.replace(/(\.\d{2}\d*?)0+$/, '$1');
}
