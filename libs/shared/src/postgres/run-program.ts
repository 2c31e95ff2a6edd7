import { spawn } from 'node:child_process';
import type { ServerAccount } from './server-account';

/** Nothing of ours is inherited: no credential, no locale that would translate the messages. */
export const PROGRAM_ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** initdb and postgres want to know where they are; our own folder may be closed to the account. */
export const PROGRAM_FOLDER = '/';

export interface ProgramResult {
  code: number | null;
  /** stdout and stderr together, at most the last 16 KiB. */
  output: string;
}

/** Runs to the end. Rejects only when the program cannot be executed at all. */
export function runProgram(
  file: string,
  args: string[],
  options: { account?: ServerAccount; input?: string; env?: Record<string, string> } = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...options.account,
      cwd: PROGRAM_FOLDER,
      env: { ...PROGRAM_ENVIRONMENT, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: string) => (output = (output + chunk).slice(-16_384));
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.stdin.on('error', () => undefined); // it ended without reading: its output says why
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.end(options.input ?? '');
  });
}

const COMPLAINT = /^.*?\b(?:ERROR|FATAL|PANIC|error|fatal):\s*/;

/** The line of a program's output that says what went wrong: the first, the rest follows from it. */
export function complaintIn(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const complaint = lines.find(
    // That one is for clients which come too early.
    (line) => COMPLAINT.test(line) && !line.includes('the database system is'),
  );
  return (complaint ?? lines.at(-1) ?? 'it said nothing').replace(COMPLAINT, '');
}
