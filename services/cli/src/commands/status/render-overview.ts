import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable, type Cell } from '../../terminal/table';
import { truncate } from '../../terminal/width';
import { formatUsd } from '../../words';
import { renderDaemon, wantedAgents } from '../daemon/render-daemon';
import type { Overview } from './overview';
import { renderMachines } from './render-machine-roads';
import { spentToday } from './overview-document';

type Paper = Pick<Output, 'colours' | 'width'>;

/** The overview in at most as many columns as the terminal has. */
export function renderOverview(out: Paper, overview: Overview, now: Date): string {
  const { bold } = out.colours;
  return [
    who(out, overview),
    `${bold('Daemons')}\n${daemons(out, overview, now)}`,
    overview.questions.length === 0 ? '' : `${bold('Questions')}\n${questions(out, overview, now)}`,
    `${bold('Roadmap')}\n${projects(out, overview)}`,
    renderMachines(out, overview.machines, now),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function who({ colours, width }: Paper, { me, database }: Overview): string {
  const teams = me.teams.length === 0 ? 'in no team' : `of ${me.teams.join(', ')}`;
  const name = `${me.name}${me.admin ? ' (admin)' : ''} ${teams}`;
  const where = database.embedded ? 'this machine’s own database' : 'database';
  const place = `${where} ${database.name} at ${database.host}:${database.port}`;
  return [truncate(stripEscapes(name), width), colours.dim(truncate(place, width))].join('\n');
}

function daemons(out: Paper, overview: Overview, now: Date): string {
  if (overview.daemons.length === 0) return '  none has reported yet; npm start runs one';
  const wanted = wantedAgents(overview.projects);
  return overview.daemons.map((daemon) => renderDaemon(out, daemon, wanted, now)).join('\n');
}

const MOST_QUESTIONS = 5;

function questions(out: Paper, overview: Overview, now: Date): string {
  const { colours, width } = out;
  const shown = overview.questions.slice(0, MOST_QUESTIONS);
  const lines = shown.map((note) => {
    const about = note.number === null ? note.project : `${note.project}/${note.number}`;
    const waits = ago(note.created_at, now);
    const text = `  ${note.id}. ${stripEscapes(`${note.title} (${about}, ${waits})`)}`;
    return colours.yellow(truncate(text, width));
  });
  const more = overview.questions.length - shown.length;
  if (more > 0) lines.push(`  and ${more} more: coffee-roadmap notifications`);
  lines.push(colours.dim(`  coffee-roadmap respond ${shown[0]!.id}`));
  return lines.join('\n');
}

function projects(out: Paper, overview: Overview): string {
  if (overview.projects.length === 0) {
    return '  no project yet: coffee-roadmap projects add NAME REPOSITORY';
  }
  const { colours, width } = out;
  const rows = overview.projects.map(({ name, items, budget_day_usd, spent_today_usd }): Cell[] => [
    name,
    items.planned ?? '',
    items.in_progress ?? '',
    items.in_review ?? '',
    items.blocked ?? '',
    items.done ?? '',
    budget_day_usd === null
      ? formatUsd(spent_today_usd)
      : `${formatUsd(spent_today_usd)} of ${formatUsd(budget_day_usd)}`,
  ]);
  if (rows.length > 1) rows.push(['all', '', '', '', '', '', formatUsd(spentToday(overview))]);
  const table = renderTable(
    [
      { title: 'PROJECT', flexible: true, min: 12 },
      { title: 'PLANNED', align: 'right' },
      { title: 'WORKING', align: 'right', paint: colours.yellow },
      { title: 'REVIEW', align: 'right', paint: colours.magenta },
      { title: 'BLOCKED', align: 'right', paint: colours.red },
      { title: 'DONE', align: 'right', paint: colours.green },
      { title: 'TODAY', align: 'right' },
    ],
    rows,
    { width: width - 2, paintTitle: colours.dim },
  );
  const lines = table.split('\n').map((line) => `  ${line}`);
  for (const project of overview.projects) {
    if (!waitsForMoney(project)) continue;
    const text = `  ${stripEscapes(project.name)} goes on at midnight UTC: today’s budget is spent`;
    lines.push(colours.yellow(truncate(text, width)));
  }
  const reviews = overview.projects.reduce((sum, { items }) => sum + (items.in_review ?? 0), 0);
  if (reviews > 0) {
    lines.push(
      colours.dim(`  ${reviews} in review: coffee-roadmap roadmap list --state in_review`),
    );
  }
  return lines.join('\n');
}

function waitsForMoney(project: Overview['projects'][number]): boolean {
  const { budget_day_usd: budget, spent_today_usd: spent, items } = project;
  return budget !== null && Number(spent) >= Number(budget) && (items.planned ?? 0) > 0;
}
