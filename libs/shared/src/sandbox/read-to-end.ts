import { AppError } from '../errors';
import type { SandboxProcess, SandboxResult } from './sandbox';

const MAX_STDOUT = 64 * 1024 * 1024;
const MAX_STDERR = 64 * 1024;

/** Collects what a process says until it ends; `endNow` takes it down when it says or takes too much. */
export function readToEnd(
  child: SandboxProcess,
  limits: { command: string; input?: string; maxBytes?: number; timeoutMs?: number },
  endNow: () => Promise<void>,
): Promise<SandboxResult> {
  const maxBytes = limits.maxBytes ?? MAX_STDOUT;
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let timer: NodeJS.Timeout | undefined;
    let failed = false;
    const fail = (message: string, cause?: unknown): void => {
      if (failed) return;
      failed = true;
      clearTimeout(timer);
      const error = new AppError('failed', message, { cause });
      endNow().then(() => reject(error), reject);
    };
    if (limits.timeoutMs !== undefined) {
      timer = setTimeout(
        () => fail(`${limits.command} took longer than ${limits.timeoutMs} ms`),
        limits.timeoutMs,
      );
    }
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) stdout.push(chunk);
      else fail(`${limits.command} wrote more than ${maxBytes} bytes`);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
    });
    child.on('error', (error) => fail(`${limits.command} did not start: ${error.message}`, error));
    child.on('close', (code) => {
      clearTimeout(timer);
      if (!failed) resolve({ code, stdout: Buffer.concat(stdout), stderr });
    });
    child.stdin.end(limits.input ?? '');
  });
}
