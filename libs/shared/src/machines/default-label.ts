import { execFileSync } from 'node:child_process';
import os from 'node:os';

const PATIENCE_MS = 1_000;
const MOST = 100;

/** What people call this machine: WORKSTATION_ID, else on macOS its LocalHostName, else its hostname. */
export function defaultLabel(workstationId: string | undefined): string {
  return (
    cleanLabel(workstationId ?? '') ||
    cleanLabel(localHostName()) ||
    cleanLabel(os.hostname()) ||
    'machine'
  );
}

/** One line of at most 100 characters; empty where nothing of it can be shown. */
export function cleanLabel(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '')
    .trim()
    .slice(0, MOST)
    .trim();
}

function localHostName(): string {
  if (process.platform !== 'darwin') return '';
  try {
    return execFileSync('scutil', ['--get', 'LocalHostName'], {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
