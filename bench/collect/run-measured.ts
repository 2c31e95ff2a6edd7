import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  wallMs: number;
  /** The most that it held at a time, with all of its threads. */
  peakMb: number;
  /** Of all its threads together. */
  cpuMs: number;
  stdout: string;
}

const LOOK_MS = 4;

/** Runs a program to its end; fails unless it ends well. Memory and processor time are Linux's own. */
export function runMeasured(
  command: readonly string[],
  env: Record<string, string>,
): Promise<Measured> {
  const [program = '', ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, peakMb, ticks] = ['', '', 0, 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
      const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
      if (peak === undefined) return; // it is ending
      peakMb = Math.max(peakMb, Number(peak) / 1024);
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks = Math.max(ticks, Number(fields[11]) + Number(fields[12]));
    } catch {
      // It has ended.
    }
  };
  const looking = setInterval(look, LOOK_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(looking);
      const wallMs = performance.now() - start;
      if (code === 0) resolve({ wallMs, peakMb, cpuMs: ticks * 10, stdout });
      else reject(new Error(`${program} ended with ${code}: ${stderr}`));
    });
  });
}
