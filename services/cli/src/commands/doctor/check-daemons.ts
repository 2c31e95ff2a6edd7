import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { ListedProject } from '@coffee-roadmap/shared/projects/queries';
import { count } from '../../words';
import { doing, notIsolated } from '../daemon/render-daemon';
import type { Finding } from './finding';

/** Whether daemons report, how their agents are kept apart, and where an agent is missing. */
export function checkDaemons(daemons: Daemon[], projects: ListedProject[], now: Date): Finding[] {
  return [
    ...heartbeats(daemons, now),
    ...daemons.filter((daemon) => daemon.live).map(isolation),
    ...projects.flatMap((project) => [...checkAgent(project, daemons), ...checkBudget(project)]),
  ];
}

function heartbeats(daemons: Daemon[], now: Date): Finding[] {
  const live = daemons.filter((daemon) => daemon.live);
  const shown = live.length > 0 ? live : daemons.slice(0, 3);
  if (shown.length === 0) {
    const hint = 'npm start runs one; nothing is worked on until then.';
    return [{ check: 'daemon', state: 'warn', message: 'no daemon has reported yet', hint }];
  }
  return shown.flatMap((daemon): Finding[] => [heartbeat(daemon, now), ...notes(daemon)]);
}

function heartbeat(daemon: Daemon, now: Date): Finding {
  const message = `${daemon.name}: ${doing(daemon, now)}`;
  if (!daemon.live) {
    return { check: 'daemon', state: 'warn', message, hint: 'npm start brings it back.' };
  }
  return daemon.paused_at === null
    ? { check: 'daemon', state: 'ok', message }
    : { check: 'daemon', state: 'warn', message, hint: 'coffee-roadmap daemon resume' };
}

/** What hinders it that no question is about, such as a repository that cannot be reached. */
function notes({ name, live, note }: Daemon): Finding[] {
  const lines = live && note !== null ? note.split('\n') : [];
  return lines.map((line) => ({ check: 'daemon', state: 'warn', message: `${name}: ${line}` }));
}

function isolation(daemon: Daemon): Finding {
  const { name, isolated, isolation: how } = daemon;
  if (isolated) return { check: 'isolation', state: 'ok', message: `${name}: ${how}` };
  return {
    check: 'isolation',
    state: 'warn',
    message: `${name}: ${notIsolated(daemon)}`,
    hint: 'Install bubblewrap, or run the daemon in its container.',
  };
}

/** A project waits when none of the live daemons that serve it can run its agent. */
export function checkAgent(project: ListedProject, daemons: Daemon[]): Finding[] {
  const serving = daemons.filter(
    (daemon) => daemon.live && daemon.team_ids.includes(project.team_id),
  );
  if (serving.length === 0) return [];
  const reports = serving.flatMap((daemon) =>
    daemon.agents.filter((agent) => agent.projects.includes(project.id)),
  );
  const found = reports.find((agent) => agent.available);
  if (found !== undefined) {
    const message = `${project.name}: ${project.agent} (${found.reason})`;
    return [{ check: 'agent', state: 'ok', message }];
  }
  const planned = project.items.planned ?? 0;
  const waiting = planned === 0 ? '' : `; ${count(planned, 'priority waits', 'priorities wait')}`;
  const why = reports[0]?.reason ?? 'no daemon has looked for it yet';
  return [
    {
      check: 'agent',
      state: 'warn',
      message: `${project.name}: no ${project.agent}: ${why}${waiting}`,
      hint: reports[0]?.hint ?? `coffee-roadmap projects set ${project.name} --agent NAME`,
    },
  ];
}

/** Planned work that waits for the next day's money. */
export function checkBudget({ name, budget_day_usd, ...project }: ListedProject): Finding[] {
  const planned = project.items.planned ?? 0;
  const spent = Number(project.spent_today_usd);
  if (budget_day_usd === null || spent < Number(budget_day_usd) || planned === 0) return [];
  const waiting = count(planned, 'priority waits', 'priorities wait');
  return [
    {
      check: 'budget',
      state: 'warn',
      message: `${name}: today’s budget is spent; ${waiting} until midnight UTC`,
      hint: `coffee-roadmap projects set ${name} --budget-day USD`,
    },
  ];
}
