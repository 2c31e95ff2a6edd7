import { sharedRootFor } from '@coffee-roadmap/shared/sandbox/reachable';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

export interface AgentProcess {
  pid: number;
  program: string;
  /** As the kernel names it; T: stopped. */
  state: string;
}

/** Where a daemon's agents work: below its home and, as root, where their uid gets through. */
export function agentRoots(home: string): string[] {
  const agents = path.join(home, '.local/state/coffee-roadmap/daemon/agents');
  const folders = existsSync(agents) ? readdirSync(agents) : [];
  return folders
    .map((name) => realpathSync(path.join(agents, name)))
    .flatMap((folder) => [folder, sharedRootFor(folder)]);
}

/** What runs for a daemon's agents; what stands around them in the sandbox is left out. */
export function agentProcesses(daemon: { home: string }): AgentProcess[] {
  const roots = agentRoots(daemon.home);
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return [];
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const inside = (root: string) => variables.some((line) => line.startsWith(`HOME=${root}/`));
      if (!roots.some(inside)) return [];
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, program = '', state = ''] = /\((.*)\) (\S)/.exec(stat) ?? [];
      return program === 'bwrap' || state === 'Z' ? [] : [{ pid: Number(pid), program, state }];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** Frozen: there is something, and none of it runs. */
export function isFrozen(daemon: { home: string }): boolean {
  const states = agentProcesses(daemon).map(({ state }) => state);
  return states.length > 0 && states.every((state) => state === 'T');
}

export function isWorking(daemon: { home: string }): boolean {
  return agentProcesses(daemon).some(({ state }) => state !== 'T');
}
