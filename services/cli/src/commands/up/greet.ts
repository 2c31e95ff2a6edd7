import { listItems } from '@coffee-roadmap/shared/roadmap/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { newOwnLink } from '@coffee-roadmap/shared/dashboard/own-links';
import type { DaemonProcess } from '@coffee-roadmap/shared/local-stack/daemon-process';
import type { DashboardProcess } from '@coffee-roadmap/shared/local-stack/dashboard-process';
import { listProjects, type ListedProject } from '@coffee-roadmap/shared/projects/queries';
import { ROADMAP_STATES } from '@coffee-roadmap/shared/roadmap/document/roadmap-document';
import type { Context } from '../../context';
import { describeDatabase } from '../../database-url';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { pad, truncate } from '../../terminal/width';
import type { UpDatabase } from './database';
import { projectFlag } from './feed-lines';
import type { UpOptions } from './register';

interface Up {
  session: Session<'person'>;
  database: UpDatabase;
  daemon: DaemonProcess | undefined;
  dashboard: DashboardProcess | undefined;
  options: UpOptions;
}

/** Says what is up, and what one can do next. */
export async function greet(context: Context, out: Output, up: Up): Promise<void> {
  const projects = await listProjects(up.session);
  const steps = await nextSteps(up.session, projects);
  const { me } = up.session;
  const { colours, width } = out;
  const document = {
    type: 'up',
    person: me.name,
    database: { ...describeDatabase(up.database.url), embedded: up.database.source === 'own' },
    daemon_pid: up.daemon?.pid ?? null,
    dashboard: up.dashboard?.address ?? null,
    projects: projects.map((project) => project.name),
  };
  out.event(document, () => {
    const facts: [string, string][] = [
      ['you', `${me.name}${me.admin ? ', admin' : ''}, of ${me.teams.join(', ') || 'no team'}`],
      ['database', databaseWords(up.database)],
      ['daemon', daemonWords(up)],
      ['dashboard', up.dashboard?.address ?? 'none from here'],
      ...projects.map((project): [string, string] => [project.name, stateOf(project)]),
    ];
    const label = Math.min(16, Math.max(...facts.map(([name]) => name.length)));
    const rows = facts.map(([name, value]) => {
      const shown = pad(truncate(stripEscapes(name), label), label);
      return `  ${colours.dim(shown)}  ${truncate(stripEscapes(value), width - label - 4)}`;
    });
    return [
      colours.bold('Coffee Roadmap is up.'),
      ...rows,
      ...notes(context, up.database),
      ...linkLines(context, up.dashboard),
      '',
      'Next, in another terminal in this folder:',
      ...steps.map((step) => `  ${step}`),
      '',
      colours.dim('Questions and results appear below. Ctrl-C stops it; nothing is lost.'),
      '',
    ].join('\n');
  });
}

function linkLines({ config }: Context, dashboard: DashboardProcess | undefined): string[] {
  if (dashboard === undefined) return [];
  const { code } = newOwnLink(config().paths.state);
  return [
    '',
    'In a browser, once and within ten minutes:',
    `  ${dashboard.address}/sign-in#${code}`,
  ];
}

function databaseWords({ source, url }: UpDatabase): string {
  const { host, port, name } = describeDatabase(url);
  return `${source === 'own' ? 'this machine’s own' : name} at ${host}:${port}`;
}

function daemonWords({ daemon, options }: Up): string {
  if (daemon !== undefined) return 'takes planned priorities, the first one first';
  if (!options.daemon) return 'none from here: --no-daemon';
  return 'none from here; ADMIN_DATABASE_URL, once, makes its login';
}

function stateOf({ items }: ListedProject): string {
  const counts = ROADMAP_STATES.flatMap((state) => {
    const n = items[state] ?? 0;
    return n === 0 ? [] : [`${n} ${state.replace('_', ' ')}`];
  });
  return counts.join(', ') || 'no priorities yet';
}

/** What would puzzle somebody later. */
function notes({ config }: Context, { source, firstPerson }: UpDatabase): string[] {
  const { env, file } = config();
  const team = env.teamDatabaseUrl ?? file.team_database_url;
  return [
    firstPerson ? '  You are its first person and admin; config.json has your login.' : '',
    source === 'file' && env.databaseUrl !== undefined
      ? '  Unset DATABASE_URL: it goes before the login in config.json.'
      : '',
    team === undefined ? '' : `  Other commands use the team’s ${describeDatabase(team).name}.`,
  ].filter((line) => line !== '');
}

const MOST_REVIEWS = 3;

async function nextSteps(session: Session<'person'>, projects: ListedProject[]): Promise<string[]> {
  if (projects.length === 0) {
    return [
      'npm start -- --demo',
      'coffee-roadmap projects add NAME PATH_OR_URL',
      'coffee-roadmap roadmap add "What is to be done"',
    ];
  }
  const several = projects.length > 1;
  const reviews: string[] = [];
  for (const project of projects) {
    if ((project.items.in_review ?? 0) === 0 || reviews.length >= MOST_REVIEWS) continue;
    const which = projectFlag(project.name, several);
    const items = await listItems(session, { projectId: project.id, states: ['in_review'] });
    for (const item of items.filter((one) => one.accepted_at === null)) {
      reviews.push(`coffee-roadmap roadmap view ${item.number}${which}`);
    }
  }
  return [
    ...reviews.slice(0, MOST_REVIEWS),
    `coffee-roadmap roadmap add "What is next"${projectFlag(projects[0]!.name, several)}`,
    'coffee-roadmap status',
  ];
}
