import { pipeline } from 'node:stream/promises';
import type { SandboxProcess } from '../sandbox/sandbox';
import { readToEnd, type ProcessEnd } from './read-to-end';

export interface PackEnd {
  process: SandboxProcess;
  kill: () => void;
}

const TIMEOUT_MS = 30 * 60_000;

/**
 * Lets one git pack the objects that `revisions` (lines for `pack-objects --revs`) name and another
 * unpack them. Resolves when both have ended, in whatever way. What was unpacked without an error was
 * whole, by its checksum: a sender that had not ended by then is killed, and its end says nothing.
 */
export async function pipePack(
  from: PackEnd,
  into: PackEnd,
  revisions: string[],
): Promise<{ packed: ProcessEnd; unpacked: ProcessEnd }> {
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: 1024 * 1024 };
  const packed = readToEnd(from.process, { ...limits, kill: from.kill, onData: 'elsewhere' });
  const unpacked = readToEnd(into.process, { ...limits, kill: into.kill });
  from.process.stdin.on('error', () => undefined);
  from.process.stdin.end(`${revisions.join('\n')}\n`);
  // Whoever ends early breaks the pipe: the other one then sees the end of it and says what is wrong.
  const flow = pipeline(from.process.stdout, into.process.stdin).catch(() => from.kill());
  const [sent, received] = await Promise.all([packed, unpacked, flow]);
  return { packed: sent, unpacked: received };
}

/** The unpacking side only says that there was no more: what went wrong, the packing side knows. */
export function endedEarly(unpacked: ProcessEnd): boolean {
  return /early EOF|unexpected EOF/i.test(unpacked.stderr);
}
