import { listDaemons, type Daemon } from '@coffee-roadmap/shared/daemons/queries';
import { listProjects } from '@coffee-roadmap/shared/projects/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { joinFacts } from '../../join-facts';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { daemonDocument } from './daemon-document';
import { renderDaemon, wantedAgents } from './render-daemon';

export function registerStatus(daemon: Command, context: Context): void {
  addVerb(daemon, 'status', 'the daemons of your teams and what they do', {
    examples: ['daemon status'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const [daemons, projects] = await Promise.all([listDaemons(session), listProjects(session)]);
      out.result({ daemons: daemons.map(daemonDocument) }, () =>
        render(out, daemons, wantedAgents(projects)),
      );
    }),
  );
}

function render(out: Output, daemons: Daemon[], wanted: ReadonlySet<string>): string {
  if (daemons.length === 0) return 'No daemon has reported yet. npm start runs one.';
  const now = new Date();
  return daemons
    .map((daemon) => {
      const facts = [
        `version ${daemon.version}`,
        daemon.host === null ? '' : `on ${daemon.host}`,
        `since ${ago(daemon.started_at, now)}`,
        `reported ${ago(daemon.heartbeat_at, now)}`,
        daemon.isolated ? daemon.isolation : '',
        ...daemon.agents.map(({ name, available }) => `${available ? '' : 'no '}agent ${name}`),
      ];
      const more = joinFacts(
        facts.map((fact) => stripEscapes(fact)),
        out.width,
        4,
      );
      return `${renderDaemon(out, daemon, wanted, now)}\n${out.colours.dim(more)}`;
    })
    .join('\n');
}
