import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import type { Sandbox, SandboxCommand, SandboxProcess } from '../../sandbox/sandbox';
import { readToEnd } from '../read-to-end';

/** Nobody's; only used when the tests run as root. */
const AGENT_UID = 54_321;

/**
 * A sandbox for tests: another uid where we are root. What runs in it can be told by IN_SANDBOX in
 * its environment, whichever uid it has.
 */
export function childSandbox(): Sandbox {
  const ids = process.getuid?.() === 0 ? { uid: AGENT_UID, gid: AGENT_UID } : {};
  const start = ({ command, args, cwd, env }: SandboxCommand): SandboxProcess =>
    spawn(command, args, {
      cwd,
      env: { ...env, IN_SANDBOX: 'yes' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      ...ids,
    });
  const signal = (child: SandboxProcess, name: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null) return;
    process.kill(-child.pid, name);
  };
  return {
    kind: ids.uid === undefined ? 'none' : 'uid',
    isolated: ids.uid !== undefined,
    description: 'child processes, for tests',
    prepareFolder: async (folder) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (ids.uid !== undefined) chownSync(folder, ids.uid, ids.gid);
    },
    removeFolder: async (folder) => rmSync(folder, { recursive: true, force: true }),
    spawn: start,
    run: async ({ input, maxBytes = 64 * 1024 * 1024, timeoutMs = 60_000, ...command }) => {
      const child = start(command);
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
      const kill = () => signal(child, 'SIGKILL');
      const end = await readToEnd(child, { maxBytes, timeoutMs, kill });
      return { code: end.code, stdout: end.stdout, stderr: end.stderr };
    },
    signal,
  };
}
