import {
  listGranularities,
  setGranularity,
  type GranularitySettings,
  type TeamGranularity,
} from '@coffee-roadmap/shared/billing/queries';
import { parseMonth } from '@coffee-roadmap/shared/billing/month';
import { Option, type Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { selectTeam } from '../../select-team';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';

interface GranularityOptions extends CommonOptions {
  period?: 'day' | 'week' | 'month';
  per?: 'project' | 'issue';
  zone?: string;
  closeDays?: number;
  leastPeople?: number;
  from?: string;
}

export function registerGranularity(teams: Command, context: Context): void {
  addVerb(teams, 'granularity [team]', 'how finely members publish their time, or set it', {
    examples: [
      'teams granularity',
      'teams granularity design --period week --zone Europe/Berlin',
      'teams granularity design --period day --from 2026-12',
    ],
  })
    .addOption(
      new Option('--period <period>', 'one total for each').choices(['day', 'week', 'month']),
    )
    .addOption(new Option('--per <what>', 'and for each').choices(['project', 'issue']))
    .option('--zone <zone>', 'whose days count, such as Europe/Berlin')
    .option('--close-days <n>', 'days after a period until it closes', wholeNumber())
    .option('--least-people <n>', 'team insights are about so many others', wholeNumber(3))
    .option('--from <month>', 'the first month that it holds for')
    .action((named: string | undefined, options: GranularityOptions) =>
      withSession(context, options, async (session, out) => {
        const team = await selectTeam(session, named);
        const settings = settingsOf(options);
        const month = options.from ?? new Date().toISOString().slice(0, 7);
        if (Object.keys(settings).length > 0) {
          await setGranularity(session, team.id, settings, parseMonth(month).first);
        }
        const all = await listGranularities(session, team.id);
        out.result({ team: team.name, granularities: all }, () =>
          all.length === 0
            ? `${stripEscapes(team.name)} publishes by month and project (UTC), as teams do that say nothing.`
            : renderTable(
                [
                  { title: 'FROM' },
                  { title: 'PERIOD' },
                  { title: 'PER' },
                  { title: 'ZONE', flexible: true, min: 12 },
                  { title: 'CLOSES AFTER', align: 'right' },
                  { title: 'INSIGHTS OVER', align: 'right' },
                ],
                all.map(rowOf),
                { width: out.width, paintTitle: out.colours.dim },
              ),
        );
      }),
    );
}

const rowOf = (row: TeamGranularity): string[] => [
  row.from_month.slice(0, 7),
  row.period,
  row.per,
  row.zone,
  `${row.close_days} days`,
  `${row.least_people} others`,
];

function settingsOf(options: GranularityOptions): GranularitySettings {
  const { period, per, zone, closeDays, leastPeople } = options;
  return {
    ...(period === undefined ? {} : { period }),
    ...(per === undefined ? {} : { per }),
    ...(zone === undefined ? {} : { zone }),
    ...(closeDays === undefined ? {} : { close_days: closeDays }),
    ...(leastPeople === undefined ? {} : { least_people: leastPeople }),
  };
}
