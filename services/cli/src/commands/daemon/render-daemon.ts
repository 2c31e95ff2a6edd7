import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { truncate, widthOf } from '../../terminal/width';

type Paper = Pick<Output, 'colours' | 'width'>;

/** What one daemon does, and below it what is wrong with it; `wanted`: agents that projects need. */
export function renderDaemon(
  { colours, width }: Paper,
  daemon: Daemon,
  wanted: ReadonlySet<string>,
  now: Date,
): string {
  const name = stripEscapes(daemon.name);
  const paint = daemon.live ? (daemon.paused_at ? colours.yellow : colours.green) : colours.red;
  const apart = daemon.live && daemon.isolated ? ' (isolated)' : '';
  const room = width - widthOf(name + apart) - 4;
  const rest = truncate(stripEscapes(doing(daemon, now)), room);
  const problems = troublesOf(daemon, wanted).map((line) =>
    colours.yellow(truncate(`    ! ${stripEscapes(line)}`, width)),
  );
  return [`  ${paint(name)}${apart}  ${rest}`, ...problems].join('\n');
}

/** `works on sample/2 Ask for a name (attempt 1)`, `is idle`, `was last seen 3 h ago`. */
export function doing(daemon: Daemon, now: Date): string {
  const { state, number, title, attempt } = daemon;
  if (state === 'stopped') return `stopped ${ago(daemon.heartbeat_at, now)}`;
  if (!daemon.live) return `does not report; last seen ${ago(daemon.heartbeat_at, now)}`;
  const tries = attempt === null ? '' : ` (attempt ${attempt})`;
  const item = number === null ? '' : `${daemon.project ?? ''}/${number} ${title ?? ''}${tries}`;
  if (daemon.paused_at !== null) {
    const by = daemon.paused_by_name === null ? '' : ` by ${daemon.paused_by_name}`;
    return `paused${by} ${ago(daemon.paused_at, now)}${item === '' ? '' : `; holds ${item}`}`;
  }
  if (state === 'waiting') return `waits for an answer: ${item}`;
  if (state === 'working') return `works on ${item}`;
  return state === 'starting' ? 'starts' : 'idle';
}

/** The agents that the projects are to be worked on with. */
export function wantedAgents(projects: { agent: string }[]): Set<string> {
  return new Set(projects.map((project) => project.agent));
}

/** The daemon's own words for it, which begin so where it has any. */
export function notIsolated({ isolation }: Pick<Daemon, 'isolation'>): string {
  const words = 'agent not isolated';
  if (isolation.startsWith(words)) return isolation;
  return isolation === '' ? words : `${words}: ${isolation}`;
}

/** What a person should know: no isolation, an agent that is missing, a note of the daemon's own. */
export function troublesOf(daemon: Daemon, wanted: ReadonlySet<string>): string[] {
  if (!daemon.live) return [];
  return [
    daemon.isolated ? '' : notIsolated(daemon),
    ...daemon.agents
      .filter((agent) => !agent.available && wanted.has(agent.name))
      .map(({ name, reason }) => `agent ${name} is missing: ${reason}`),
    daemon.note ?? '',
  ].filter((line) => line !== '');
}
