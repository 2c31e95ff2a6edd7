import { parseMonth } from '@coffee-roadmap/shared/billing/month';
import { loadBillingLines, makeBill } from '@coffee-roadmap/shared/billing/queries';
import { buildBillingReport, type BillingReport } from '@coffee-roadmap/shared/billing/report';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { Option, type Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { addBillingOptions, exchangeOf, readReport, type BillingOptions } from './read-report';
import { renderBilling } from './render-billing';
import { FORMATS, writeReport, type Format } from './write-report';

interface InvoiceOptions extends BillingOptions {
  format?: Format;
  output?: string;
}

export function registerInvoice(billing: Command, context: Context): void {
  const command = addVerb(billing, 'invoice', 'a client’s bill of a month; closes the month', {
    examples: [
      'billing invoice --month 2026-10 --client Acme',
      'billing invoice --month 2026-10 --client Acme -o acme.pdf',
    ],
  });
  addBillingOptions(command)
    .addOption(new Option('--format <format>', 'as a document').choices(FORMATS))
    .option('-o, --output <file>', 'into this file')
    .action((options: InvoiceOptions) =>
      withSession(context, options, async (session, out) => {
        const bill = await billOf(session, options);
        const { format, output } = options;
        if (format !== undefined || output !== undefined) {
          const as = format ?? formatOf(output);
          return writeReport(context, session, out, bill, { format: as, output });
        }
        out.result(bill, () =>
          [
            `Bill ${bill.bill?.id} to ${stripEscapes(bill.client ?? '')}`,
            renderBilling(out, bill),
          ].join('\n\n'),
        );
      }),
    );
}

/** What the file's name says; a PDF where it says nothing. */
function formatOf(output: string | undefined): Format {
  const ending = output?.split('.').at(-1)?.toLowerCase();
  return FORMATS.find((format) => format === ending) ?? 'pdf';
}

async function billOf(session: Session<'person'>, options: InvoiceOptions): Promise<BillingReport> {
  const { team, report } = await readReport(session, options);
  const clients = [...new Set(report.lines.map(({ client }) => client))];
  const client = options.client ?? (clients.length === 1 ? clients[0] : undefined);
  if (client === undefined && clients.length > 1) {
    throw new AppError('invalid_input', 'which client?', {
      hint: `Name one with --client: ${clients.map((one) => stripEscapes(one)).join(', ')}.`,
    });
  }
  const exchange = exchangeOf(options);
  const bill = await makeBill(session, {
    ...{ teamId: team.id, month: parseMonth(options.month).first, client: client ?? '' },
    ...{ exchangeName: exchange?.name, exchangeRate: exchange?.rate },
  });
  const used =
    bill.exchange_name === null ? null : { name: bill.exchange_name, rate: bill.exchange_rate! };
  // Again, because the month was open when they were read: somebody may have published since.
  const { from, to } = report;
  const lines = await loadBillingLines(session, {
    ...{ teamId: team.id, from, to, client: bill.client },
    ...{ exchangeRate: used?.rate, exact: true },
  });
  const about = { team: team.name, from, to, client: bill.client, exchange: used, bill };
  const billed = buildBillingReport(about, lines);
  if (billed.totals[0]?.amount !== bill.total) {
    throw new AppError('conflict', `what bill ${bill.id} is about was changed meanwhile`, {
      hint: 'Do it again: a bill that replaces this one is made.',
    });
  }
  return billed;
}
