import type { Agent, AgentCheck } from '@coffee-roadmap/shared/agents/agent';
import { createAgent, listAgents } from '@coffee-roadmap/shared/agents/registry';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { listServedProjects, type ServedProject } from '@coffee-roadmap/shared/tasks/queries';
import type { DaemonConfig } from './config';

export interface AgentPool {
  agentFor(project: { agent_command: string[] | null }, name: string): Agent;
  /** Where work may start now. Tells people once what is missing elsewhere. */
  survey(): Promise<Survey>;
}

export interface Survey {
  agents: string[];
  projects: string[];
  /** For status and doctor. */
  report: ({ name: string } & AgentCheck)[];
}

/** Looking for a program starts processes; what was found holds for a while. */
const CHECK_AGAIN_MS = 60_000;

export function createAgentPool(session: Session<'daemon'>, config: DaemonConfig): AgentPool {
  const checks = new Map<string, { at: number; check: AgentCheck }>();

  function make(name: string, command: string[] | null): Agent {
    return createAgent(name, {
      path: config.path,
      credentials: config.agentCredentials,
      command: command ?? undefined,
      program: config.claudeProgram,
    });
  }

  async function check(name: string, command: string[] | null): Promise<AgentCheck> {
    const key = JSON.stringify([name, command]);
    const known = checks.get(key);
    if (known !== undefined && Date.now() - known.at < CHECK_AGAIN_MS) return known.check;
    const found = listAgents().includes(name)
      ? await make(name, command).check()
      : { available: false, reason: `there is no agent "${name}"`, hint: listAgents().join(', ') };
    checks.set(key, { at: Date.now(), check: found });
    return found;
  }

  async function tell(project: ServedProject, missing: AgentCheck): Promise<void> {
    await notify(session, {
      projectId: project.id,
      kind: 'warning',
      priority: 'high',
      key: `agent-missing:${project.agent}:${missing.reason}`.slice(0, 200),
      title: `${project.name}: its ${project.planned} planned priorities wait for an agent`,
      message: [missing.reason, missing.hint].join('\n').trim(),
      context: { agent: project.agent },
    });
  }

  return {
    agentFor: (project, name) => make(name, project.agent_command),
    async survey() {
      const served = await listServedProjects(session);
      const names = new Set(served.map((project) => project.agent));
      const workable: ServedProject[] = [];
      for (const project of served) {
        const found = await check(project.agent, project.agent_command);
        if (found.available) workable.push(project);
        else if (project.planned > 0) await tell(project, found);
      }
      const report = [];
      for (const name of ['claude', ...names].filter((name, i, all) => all.indexOf(name) === i)) {
        const command = served.find((project) => project.agent === name)?.agent_command ?? null;
        report.push({ name, ...(await check(name, command)) });
      }
      return {
        agents: [...names],
        projects: workable.map((project) => project.id),
        report,
      };
    },
  };
}
