import { AppError } from '@coffee-roadmap/shared/errors';
import {
  SPEND_GROUPS,
  sumSpend,
  type Spend,
  type SpendGroup,
} from '@coffee-roadmap/shared/spend/queries';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import { Option, type Command } from 'commander';
import { addVerb, projectOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { parseMoment } from '../../parse-moment';
import { selectProject } from '../../select-project';
import { renderCsv } from '../../terminal/csv';
import { renderSpend } from './render-spend';

interface SpendCommandOptions extends CommonOptions {
  by: SpendGroup;
  since: string;
  until?: string;
  timezone?: string;
  project?: string;
  csv?: boolean;
}

export function registerSpend(program: Command, context: Context): void {
  addVerb(program, 'spend', 'what the models cost, each call once', {
    examples: ['spend', 'spend --by item --since 7d', 'spend --by model --csv > spend.csv'],
  })
    .addOption(new Option('--by <group>', 'what a row is').choices(SPEND_GROUPS).default('day'))
    .option('--since <when>', '30d, a day, or a time', '30d')
    .option('--until <when>', 'up to it, exclusive; now where it is left out')
    .option('--timezone <zone>', 'whose days count; this machine’s where it is left out')
    .addOption(projectOption())
    .option('--csv', 'as CSV')
    .action((options: SpendCommandOptions) =>
      withSession(context, options, async (session, out) => {
        if (options.csv === true && options.json === true) {
          throw new AppError('invalid_input', '--csv and --json exclude each other', {
            hint: 'Leave one of them out.',
          });
        }
        const timezone =
          options.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
        const zone = Zone.of(timezone);
        const since = parseMoment(options.since, zone);
        const until = options.until === undefined ? new Date() : parseMoment(options.until, zone);
        const project =
          options.project === undefined
            ? undefined
            : await selectProject(session, context, options.project);
        const rows = await sumSpend(session, {
          ...{ by: options.by, since, until, timezone },
          ...(project === undefined ? {} : { projectId: project.id }),
        });
        if (options.csv === true) out.raw(toCsv(options.by, rows));
        else {
          const period = { since: since.toISOString(), until: until.toISOString(), timezone };
          out.result({ by: options.by, ...period, spend: rows, total: totalOf(rows) }, () =>
            renderSpend(out, options.by, rows, totalOf(rows)),
          );
        }
      }),
    );
}

type Total = Omit<Spend, 'label'>;

function totalOf(rows: readonly Spend[]): Total {
  const total: Total = {
    ...{ calls: 0, input_tokens: 0, output_tokens: 0, cache_read_tokens: 0 },
    ...{ cache_write_tokens: 0, cost_usd: 0, unpriced_calls: 0 },
  };
  for (const row of rows) {
    for (const key of Object.keys(total) as (keyof Total)[]) total[key] += row[key];
  }
  return total;
}

function toCsv(by: SpendGroup, rows: readonly Spend[]): string {
  return renderCsv(
    [
      by,
      'calls',
      'input_tokens',
      'output_tokens',
      'cache_read_tokens',
      'cache_write_tokens',
    ].concat('cost_usd', 'unpriced_calls'),
    rows.map((row) => [
      ...[row.label, row.calls, row.input_tokens, row.output_tokens, row.cache_read_tokens],
      ...[row.cache_write_tokens, row.cost_usd, row.unpriced_calls],
    ]),
  );
}
