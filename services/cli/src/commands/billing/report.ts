import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type Context } from '../../context';
import { titlesOf } from '../issues/titles-of';
import { addBillingOptions, readReport, type BillingOptions } from './read-report';
import { renderBilling } from './render-billing';

export function registerReport(billing: Command, context: Context): void {
  const report = addVerb(billing, 'report', 'people, hours, rates and what models cost', {
    examples: ['billing report --month 2026-10', 'billing report --month 2026-01 --until 2026-12'],
  });
  addBillingOptions(report, { several: true }).action((options: BillingOptions) =>
    withSession(context, options, async (session, out) => {
      const { report } = await readReport(session, options);
      const titles = await titlesOf(context, session, report.lines);
      out.result(report, () => renderBilling(out, report, titles));
    }),
  );
}
