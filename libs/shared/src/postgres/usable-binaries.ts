import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { type Binaries, makeMissingLinks } from './binaries';
import type { ClusterPlace } from './cluster-place';
import { complaintIn, runProgram } from './run-program';
import type { ServerAccount } from './server-account';
import { sharedFolder } from './shared-folder';
import { startFailed } from './start-failed';

const PROGRAMS = ['initdb', 'postgres'];

/**
 * A folder of binaries that the account can run: the installed one, after mending what npm left
 * undone, or else a copy: in root's shared folder, or beside the cluster. An installation below a 0700 home is closed to the
 * server's account, one that root made may lack its links, and a mount may be noexec.
 */
export async function usableBinaries(
  binaries: Binaries,
  place: ClusterPlace,
  log: (line: string) => void,
): Promise<string> {
  const { account } = place;
  const problem = mend(binaries.folder) ?? (await tryPrograms(binaries.folder, account));
  if (problem === undefined) return binaries.folder;
  if (problem.hopeless) throw cannotRun(problem.reason);

  const copy = path.join(
    account ? sharedFolder() : path.dirname(place.passwordFile),
    `postgres-${binaries.version}`,
  );
  if (existsSync(copy) && (await tryPrograms(copy, account)) === undefined) return copy;
  log(`copying the Postgres programs to ${copy}: ${problem.reason}`);
  copyBinaries(binaries.folder, copy);
  const remaining = await tryPrograms(copy, account);
  if (remaining !== undefined) throw cannotRun(remaining.reason);
  return copy;
}

interface Problem {
  reason: string;
  /** A copy elsewhere would not run either. */
  hopeless: boolean;
}

function mend(folder: string): Problem | undefined {
  try {
    makeMissingLinks(folder);
    return undefined;
  } catch (error) {
    return { reason: (error as Error).message, hopeless: false };
  }
}

async function tryPrograms(folder: string, account?: ServerAccount): Promise<Problem | undefined> {
  for (const program of PROGRAMS) {
    const file = path.join(folder, 'bin', program);
    try {
      const { code, output } = await runProgram(file, ['--version'], { account });
      if (code !== 0) return { reason: complaintIn(output), hopeless: false };
    } catch (error) {
      // The file is there and yet not found: its loader is missing, which means musl, not glibc.
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(file);
      if (missing) return { reason: 'it needs a Linux with glibc', hopeless: true };
      return { reason: (error as Error).message, hopeless: false };
    }
  }
  return undefined;
}

/** Copies the binaries so that every account can run them; what was at `to` is replaced. */
export function copyBinaries(from: string, to: string): void {
  const partial = mkdtempSync(`${to}.`);
  const native = path.join(partial, 'native');
  try {
    cpSync(from, native, { recursive: true, verbatimSymlinks: true });
    makeMissingLinks(native);
    openToAll(native);
    rmSync(to, { recursive: true, force: true });
    renameSync(native, to);
  } catch (error) {
    // Another start has put its copy there first.
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw startFailed(
      `the Postgres programs could not be copied to ${to}: ${(error as Error).message}`,
      'Make room or give write access there',
      error,
    );
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** An installation made under a strict umask is readable for its owner alone. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const program = path.basename(entry.parentPath) === 'bin';
    if (entry.isDirectory() || program) chmodSync(file, 0o755);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode | 0o444);
  }
}

function cannotRun(reason: string): Error {
  return startFailed(`the Postgres from npm cannot run here: ${reason}`);
}
