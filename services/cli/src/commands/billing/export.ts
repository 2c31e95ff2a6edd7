import { Option, type Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type Context } from '../../context';
import { addBillingOptions, readReport, type BillingOptions } from './read-report';
import { FORMATS, writeReport, type Format } from './write-report';

interface ExportOptions extends BillingOptions {
  format: Format;
  output?: string;
}

export function registerExport(billing: Command, context: Context): void {
  const command = addVerb(billing, 'export', 'the report as CSV, JSON, HTML or PDF', {
    examples: [
      'billing export --month 2026-10 > october.csv',
      'billing export --month 2026-10 --format pdf -o october.pdf',
    ],
  });
  addBillingOptions(command, { several: true })
    .addOption(new Option('--format <format>', 'as what').choices(FORMATS).default('csv'))
    .option('-o, --output <file>', 'into this file')
    .action((options: ExportOptions) =>
      withSession(context, options, async (session, out) => {
        const { report } = await readReport(session, options);
        const { format, output } = options;
        await writeReport(context, session, out, report, { format, output });
      }),
    );
}
