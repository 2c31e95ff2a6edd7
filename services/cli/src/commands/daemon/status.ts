import { listDaemons, type Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { daemonDocument } from './daemon-document';
import { renderDaemon } from './render-daemon';

export function registerStatus(daemon: Command, context: Context): void {
  addVerb(daemon, 'status', 'the daemons of your teams and what they do', {
    examples: ['daemon status'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const daemons = await listDaemons(session);
      out.result({ daemons: daemons.map(daemonDocument) }, () => render(out, daemons));
    }),
  );
}

function render(out: Output, daemons: Daemon[]): string {
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
        ...daemon.agents.filter((agent) => agent.available).map(({ name }) => `agent ${name}`),
      ].filter((fact) => fact !== '');
      return `${renderDaemon(out, daemon, now)}\n${out.colours.dim(wrap(facts, out.width))}`;
    })
    .join('\n');
}

function wrap(facts: string[], width: number): string {
  const lines: string[] = [];
  for (const fact of facts.map((text) => stripEscapes(text))) {
    const last = lines.at(-1);
    const joined = last === undefined ? `    ${fact}` : `${last} · ${fact}`;
    if (last === undefined || joined.length > width) lines.push(`    ${fact}`);
    else lines[lines.length - 1] = joined;
  }
  return lines.join('\n');
}
