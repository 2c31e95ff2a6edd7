import { buildSync } from 'esbuild';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { findBinaries } from '../binaries';
import { copyBinaries } from '../usable-binaries';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '../embedded-postgres';

export interface TrialOutcome {
  server?: Omit<EmbeddedPostgres, 'stop'>;
  error?: { code: string; message: string; hint: string };
}

export interface TrialProcess {
  process: ChildProcess;
  /** Its one line of output. */
  outcome: Promise<TrialOutcome>;
}

type Options = EmbeddedPostgresOptions & { linger?: boolean };

/** Bundles the program that starts a cluster in a process of its own; returns how to run it. */
export function trialProgram(folder: string): (options: Options, uid?: number) => TrialProcess {
  const program = path.join(folder, 'start-program.cjs');
  buildSync({
    entryPoints: [path.join(__dirname, 'start-program.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'warning',
  });
  chmodSync(program, 0o644);
  // Ours may be closed to the account that a test wants.
  const native = path.join(folder, 'package', 'native');
  mkdirSync(path.dirname(native));
  copyBinaries(findBinaries().folder, native);
  copyFileSync(path.join(findBinaries().folder, '..', 'package.json'), `${native}/../package.json`);
  for (const part of [`${native}/..`, `${native}/../package.json`]) chmodSync(part, 0o755);

  return (options, uid) => {
    const text = JSON.stringify({ durable: false, native, ...options });
    const child = spawn(process.execPath, [program, text], {
      ...(uid === undefined ? {} : { uid, gid: uid }),
      cwd: '/',
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const outcome = new Promise<TrialOutcome>((resolve, reject) => {
      createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
      child.once('exit', (code) => reject(new Error(`it ended (${code}) without a word`)));
    });
    outcome.catch(() => undefined); // a test that kills it does not ask
    return { process: child, outcome };
  };
}
