import { recordExport } from '@coffee-roadmap/shared/audit/queries';
import { billingHtml } from '@coffee-roadmap/shared/billing/document';
import type { BillingReport } from '@coffee-roadmap/shared/billing/report';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { printPdf } from '@coffee-roadmap/shared/printing/print-pdf';
import { writeFileSync } from 'node:fs';
import type { Context } from '../../context';
import { toJson, type Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withProgress } from '../../terminal/progress';
import { billingCsv } from './render-billing';

export const FORMATS = ['csv', 'json', 'html', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Writes the report to a file, for its owner alone, or, where none is named, to stdout. The audit trail says
 * so before anything is out.
 */
export async function writeReport(
  context: Context,
  session: Session<'person'>,
  out: Output,
  report: BillingReport,
  { format, output }: { format: Format; output: string | undefined },
): Promise<void> {
  if (output === undefined && format === 'pdf') {
    throw new AppError('invalid_input', 'a PDF goes into a file', {
      hint: '--output bill.pdf',
    });
  }
  const content = await contentOf(context, report, format);
  const { team, client, from, to, bill } = report;
  const of = bill === null ? {} : { bill: bill.id };
  await recordExport(session, 'billing', { team, client, from, to, format, ...of });
  if (output === undefined) return out.raw(content.toString());
  try {
    writeFileSync(output, content, { mode: 0o600 });
  } catch (error) {
    throw new AppError('failed', `${stripEscapes(output)} cannot be written: ${messageOf(error)}`, {
      hint: 'Name another file with --output.',
      cause: error,
    });
  }
  const totals = report.totals.map(({ amount, currency }) => `${amount} ${currency}`);
  out.result(
    { file: output, format, bytes: content.length, totals: report.totals, bill: report.bill },
    () => `${stripEscapes(output)}: ${totals.join(', ') || 'nothing was published'}`,
  );
}

async function contentOf(context: Context, report: BillingReport, format: Format): Promise<Buffer> {
  if (format === 'csv') return Buffer.from(billingCsv(report));
  if (format === 'json') return Buffer.from(`${toJson(report, 2)}\n`);
  const html = billingHtml(report);
  if (format === 'html') return Buffer.from(html);
  const { env } = context.config();
  return withProgress(context.streams.stderr, 'printing', () =>
    printPdf(html, { searchPath: env.path, chromium: env.settings.chromium }),
  );
}
