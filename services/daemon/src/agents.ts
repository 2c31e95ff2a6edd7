import type { Agent, AgentCheck } from '@coffee-roadmap/shared/agents/agent';
import { createAgent, listAgents } from '@coffee-roadmap/shared/agents/registry';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { AppError } from '@coffee-roadmap/shared/errors';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import type { Sandbox } from '@coffee-roadmap/shared/sandbox/sandbox';
import { listServedProjects, type ServedProject } from '@coffee-roadmap/shared/tasks/queries';
import path from 'node:path';
import type { DaemonConfig } from './config';
import { homesIn } from './work-folders';

type Wanted = Pick<ServedProject, 'id' | 'agent_command'>;

export interface AgentPool {
  agentFor(project: Wanted, name: string): Agent;
  /** It was there at the last check and is not now: nothing is begun with it before the next one. */
  vanished(project: Wanted, name: string, failure: AppError): void;
  /** Where work may start now. Tells people once what is missing elsewhere. */
  survey(): Promise<Survey>;
}

/**
 * An agent as one or more projects want it, by their ids: not everybody who sees what a daemon reports
 * may know the names of all projects that it serves.
 */
export type AgentReport = { name: string; projects: string[] } & AgentCheck;

export interface Survey {
  agents: string[];
  projects: string[];
  /** For status and doctor. */
  report: AgentReport[];
}

const DEFAULT_AGENT = 'claude';

export function createAgentPool(
  session: Session<'daemon'>,
  config: DaemonConfig,
  sandbox: Sandbox,
): AgentPool {
  const checks = new Map<string, { at: number; check: AgentCheck }>();
  /** Programs that have run in the sandbox. */
  const tried = new Set<string>();

  function make(name: string, project: Wanted): Agent {
    return createAgent(name, {
      path: config.path,
      find: sandbox.kind === 'container' ? sandbox.findProgram : undefined,
      credentials: config.agentCredentials,
      command: project.agent_command ?? undefined,
      program: config.claudeProgram,
      home: path.join(homesIn(sandbox), project.id),
    });
  }

  async function look(name: string, project: Wanted): Promise<AgentCheck> {
    if (!listAgents().includes(name)) {
      return { available: false, reason: `there is no agent "${name}"`, hint: listAgents().join() };
    }
    const agent = make(name, project);
    const program = JSON.stringify([name, project.agent_command]);
    const found = await agent.check();
    // Really tried in the sandbox when it is new; after that it is enough that it is still there.
    if (!found.available || tried.has(program)) return found;
    const ran = await agent.check(sandbox);
    if (ran.available) tried.add(program);
    return ran;
  }

  async function check(name: string, project: Wanted): Promise<AgentCheck> {
    const key = keyOf(name, project);
    const known = checks.get(key);
    if (known !== undefined && Date.now() - known.at < config.checkMs) return known.check;
    const found = await look(name, project);
    checks.set(key, { at: Date.now(), check: found });
    return found;
  }

  async function tell(project: ServedProject, missing: AgentCheck): Promise<void> {
    const title = `${project.name}: ${count(project.waiting)} for an agent on ${config.host}`;
    await notify(session, {
      projectId: project.id,
      kind: 'warning',
      priority: 'high',
      // Told again when it was there in between: then there was another attempt.
      key: `agent-missing:${project.agent}:${project.last_attempt ?? 0}:${missing.reason}`.slice(
        0,
        200,
      ),
      title: title.slice(0, 300),
      message: [missing.reason, missing.hint].join('\n').trim(),
      context: { agent: project.agent },
    });
  }

  return {
    agentFor: (project, name) => make(name, project),
    vanished(project, name, { message, hint }) {
      const found: AgentCheck = { available: false, reason: message, hint };
      checks.set(keyOf(name, project), { at: Date.now(), check: found });
    },
    async survey() {
      const served = await listServedProjects(session);
      const workable: ServedProject[] = [];
      const report: AgentReport[] = [];
      for (const project of served) {
        const found = await check(project.agent, project);
        const same = report.find((r) => r.name === project.agent && r.reason === found.reason);
        if (same === undefined) {
          report.push({ name: project.agent, projects: [project.id], ...found });
        } else same.projects.push(project.id);
        if (found.available) workable.push(project);
        else if (project.waiting > 0) await tell(project, found);
      }
      // Asked about before there is a project for it.
      if (!report.some((r) => r.name === DEFAULT_AGENT)) {
        const found = await make(DEFAULT_AGENT, { id: '', agent_command: null }).check();
        report.push({ name: DEFAULT_AGENT, projects: [], ...found });
      }
      return {
        agents: [...new Set(served.map((project) => project.agent))],
        projects: workable.map((project) => project.id),
        report,
      };
    },
  };
}

function keyOf(name: string, project: Wanted): string {
  return JSON.stringify([name, project.id, project.agent_command]);
}

function count(waiting: number): string {
  return waiting === 1 ? '1 priority waits' : `${waiting} priorities wait`;
}
