/** Starts, signals and ends processes; what stands around them is the caller's `wrap`. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors';
import { newMark } from './leftovers';
import { MARK, treeOf } from './process-tree';
import { readToEnd } from './read-to-end';
import type { Sandbox, SandboxCommand, SandboxProcess } from './sandbox';

export interface Wrapping {
  root: string;
  /** The real command line, and the identity where spawn itself has to change it. */
  wrap(command: SandboxCommand): { argv: string[]; uid?: number; gid?: number };
  /** How many processes of the wrapping stand above the agent's first one. */
  wrappers: number;
}

type Processes = Pick<Sandbox, 'spawn' | 'run' | 'signal' | 'end'>;

/** Time for the kernel to take a killed tree down, in milliseconds. */
const KILL_TIMEOUT_MS = 10_000;
const POLL_MS = 15;

export function createProcesses(wrapping: Wrapping): Processes {
  const marks = new WeakMap<SandboxProcess, string>();

  // The pid of a process that ended may be somebody else's by now: then only the mark counts.
  const tree = (child: SandboxProcess) =>
    treeOf(hasEnded(child) ? undefined : child.pid, marks.get(child));

  const sendSignal: Sandbox['signal'] = (child, signal) => {
    if (child.pid === undefined) return;
    const always = signal === 'SIGKILL' || signal === 'SIGCONT';
    const sent = new Set<number>();
    // Whoever is forking while we look is found in the next round.
    for (let round = 0; round < 5; round += 1) {
      const news = tree(child).filter(
        // bubblewrap dies at once of what would let the agent end in order.
        ({ pid, depth }) => !sent.has(pid) && (always || (depth ?? Infinity) >= wrapping.wrappers),
      );
      if (news.length === 0) break;
      for (const { pid } of news) {
        sent.add(pid);
        sendTo(pid, signal);
      }
    }
    if (sent.size === 0 && !hasEnded(child)) sendTo(-child.pid, signal);
  };

  const spawnProcess: Sandbox['spawn'] = (command) => {
    const { argv, ...identity } = wrapping.wrap(command);
    const [file = '', ...args] = argv;
    const mark = newMark(wrapping.root);
    const child: ChildProcessWithoutNullStreams = spawn(file, args, {
      cwd: command.cwd,
      env: { ...command.env, [MARK]: mark },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      ...identity,
    });
    marks.set(child, mark);
    // A program that ends without reading its input is no error of ours.
    child.stdin.on('error', () => undefined);
    // What it left in the background would keep the pipes open and work on unseen.
    child.on('exit', () => sendSignal(child, 'SIGKILL'));
    return child;
  };

  const end: Sandbox['end'] = async (child, graceMs) => {
    const gone = (): boolean =>
      child.pid === undefined || (hasEnded(child) && tree(child).length === 0);
    const killAt = performance.now() + graceMs;
    if (gone()) return;
    sendSignal(child, 'SIGTERM');
    // A held process gets its SIGTERM only when it goes on.
    sendSignal(child, 'SIGCONT');
    while (!gone()) {
      const late = performance.now() - killAt;
      if (late > KILL_TIMEOUT_MS) {
        throw new AppError('agent_failed', `process ${child.pid} could not be ended`);
      }
      if (late >= 0) sendSignal(child, 'SIGKILL');
      await delay(POLL_MS);
    }
  };

  return {
    spawn: spawnProcess,
    signal: sendSignal,
    end,
    run: (command) => {
      const child = spawnProcess(command);
      return readToEnd(child, command, () => end(child, 0));
    },
  };
}

function hasEnded(child: SandboxProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
  }
}
