import { AppError } from '@coffee-roadmap/shared/errors';
import { detailRows } from '@coffee-roadmap/shared/time/report/detail-rows';
import { loadReport } from '@coffee-roadmap/shared/time/report/load-report';
import { reportDocument } from '@coffee-roadmap/shared/time/report/report-document';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { renderCsv } from '../../terminal/csv';
import { titlesOf } from '../issues/titles-of';
import { bringUpToDate } from '../recompute/bring-up-to-date';
import { handOver } from '../recompute/hand-over';
import { addPeriodOptions, periodFrom, type PeriodOptions } from './period-options';
import { renderReport } from './render-report';
import { listTeamProjects } from './team-projects';

interface ReportOptions extends CommonOptions, PeriodOptions {
  csv?: boolean;
}

export function registerReport(program: Command, context: Context): void {
  const report = addVerb(
    program,
    'report',
    'your working time: by tag, project, stream, issue, day',
    {
      examples: [
        'report',
        'report --day',
        'report --last-week --csv',
        'report --start 2026-11-01 --end 2026-11-16 --timezone UTC',
      ],
    },
  );
  addPeriodOptions(report)
    .option('--csv', 'a time sheet as comma-separated values')
    .action((options: ReportOptions) =>
      withOwnSession(context, options, async (session, out) => {
        if (options.csv === true && options.json === true)
          throw new AppError('invalid_input', '--csv and --json exclude each other');
        const period = periodFrom(options);
        await handOver(context, session);
        await bringUpToDate(context, session);
        const { report, intervals, streams } = await loadReport(session, period, {
          listProjects: () => listTeamProjects(context, session),
        });
        if (options.csv === true) {
          const end = Math.min(period.to, report.generatedAt.getTime());
          const until = { ...period, to: end };
          const rows = detailRows(intervals, until, streams);
          return out.raw(
            renderCsv(
              CSV_COLUMNS,
              rows.map((row) => CSV_COLUMNS.map((name) => row[name])),
            ),
          );
        }
        const titles = await titlesOf(context, session, report.byIssue);
        out.result(reportDocument(report, titles), () => renderReport(out, report, titles));
      }),
    );
}

const CSV_COLUMNS = [
  'date',
  'project',
  'stream',
  'tags',
  'issue',
  'time_direct_ms',
  'time_delegated_ms',
] as const;
