import type { SandboxProcess } from '../sandbox/sandbox';

export interface ProcessEnd {
  /** Null when a signal ended it. */
  code: number | null;
  stdout: Buffer;
  /** At most the last 64 KiB. */
  stderr: string;
  timedOut: boolean;
  /** stdout went beyond `maxBytes`; the process was ended. */
  tooLong: boolean;
}

export interface ReadLimits {
  timeoutMs: number;
  maxBytes: number;
  kill: () => void;
  /** Where stdout goes instead of into the result; `elsewhere`: the caller has connected it. */
  onData?: ((chunk: Buffer) => void) | 'elsewhere';
}

const STDERR_BYTES = 64 * 1024;

/** Waits until a process has ended and its output is read. Rejects only when it did not start. */
export function readToEnd(child: SandboxProcess, limits: ReadLimits): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = Buffer.alloc(0);
    let timedOut = false;
    let tooLong = false;
    const timer = setTimeout(() => {
      timedOut = true;
      limits.kill();
    }, limits.timeoutMs);
    const keep = limits.onData ?? ((chunk: Buffer) => chunks.push(chunk));
    if (keep !== 'elsewhere') {
      child.stdout.on('data', (chunk: Buffer) => {
        if (tooLong) return;
        bytes += chunk.length;
        tooLong = bytes > limits.maxBytes;
        if (tooLong) limits.kill();
        else keep(chunk);
      });
    }
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_BYTES);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const text = stderr.toString('utf8');
      resolve({ code, stdout: Buffer.concat(chunks), stderr: text, timedOut, tooLong });
    });
  });
}
