/** A sandbox with a workspace and a home in it, of this process's own. */
import type { AgentTask } from '@coffee-roadmap/shared/agents/agent';
import { openSandbox } from '@coffee-roadmap/shared/sandbox/open-sandbox';
import type { Sandbox } from '@coffee-roadmap/shared/sandbox/sandbox';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface WorkPlace {
  sandbox: Sandbox;
  workspace: string;
  home: string;
  task(prompt: string, change?: Partial<AgentTask>): AgentTask;
  read(file: string): Promise<string>;
  /** Written as the agent would have. */
  write(file: string, text: string): Promise<void>;
  /** What runs with this home, each with its state as the kernel names it (T: stopped). */
  processes(): { pid: number; program: string; state: string }[];
  remove(): Promise<void>;
}

export async function makeWorkPlace(options: { bubblewrap?: boolean } = {}): Promise<WorkPlace> {
  const outer = mkdtempSync(path.join(os.tmpdir(), 'coffee-agent-'));
  chmodSync(outer, 0o755);
  const root = path.join(outer, 'work');
  const sandbox = await openSandbox({ root, hide: [os.homedir()], ...options });
  const workspace = path.join(sandbox.root, 'attempt-1');
  const home = path.join(sandbox.root, 'homes', 'project');
  await sandbox.prepareFolder(workspace);
  await sandbox.prepareFolder(home);
  const sessionId = randomUUID();
  return {
    sandbox,
    workspace,
    home,
    task: (prompt, change = {}) => ({
      attemptId: '1',
      workspace,
      home,
      prompt,
      sessionId,
      resume: false,
      ...change,
    }),
    read: (file) => readFile(path.join(workspace, file), 'utf8'),
    write: async (file, text) => {
      const cat = { command: 'tee', args: [file], cwd: workspace, env: { PATH: '/usr/bin:/bin' } };
      const { code } = await sandbox.run({ ...cat, input: text });
      if (code !== 0) await writeFile(path.join(workspace, file), text);
    },
    processes: () => processesOf(home),
    async remove() {
      await sandbox.removeFolder(workspace);
      rmSync(outer, { recursive: true, force: true });
    },
  };
}

function processesOf(home: string): { pid: number; program: string; state: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`).includes(home)) return [];
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, program = '', state = ''] = /\((.*)\) (\S)/.exec(stat) ?? [];
      return [{ pid: Number(pid), program, state }];
    } catch {
      return [];
    }
  });
}
