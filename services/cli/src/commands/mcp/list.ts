import { listAgents } from '@coffee-roadmap/shared/agent-tools/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { renderTable } from '../../terminal/table';

export function registerList(mcp: Command, context: Context): void {
  addVerb(mcp, 'list', 'the logins of your own agents', { examples: ['mcp list'] }).action(
    (options: CommonOptions) =>
      withSession(context, options, async (session, out) => {
        const agents = await listAgents(session);
        const document = agents.map(({ name, login, created_at }) => ({ name, login, created_at }));
        out.result({ agents: document }, () => {
          if (agents.length === 0) return 'Your agents have no login: coffee-roadmap mcp install.';
          return renderTable(
            [{ title: 'AGENT', flexible: true, min: 20 }, { title: 'LOGIN' }, { title: 'SINCE' }],
            agents.map(({ name, login, created_at }) => [
              name,
              login,
              created_at.toISOString().slice(0, 10),
            ]),
            { width: out.width, paintTitle: out.colours.dim },
          );
        });
      }),
  );
}
