import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { branchRef } from './branch-name';
import { isCommitHash } from './refs';
import { callRemote, withRetries, type RemoteAccess } from './remote';
import { parseRemoteAddress } from './remote-address';

export interface DefaultBranch {
  branch: string;
  /** True: the repository has no commit yet, and `branch` is the name of its first branch to be. */
  empty: boolean;
}

const USUAL = ['main', 'master', 'trunk', 'develop'];

/**
 * Asks the remote which branch its work goes to: what HEAD names. In a person's own working
 * repository HEAD is only where they are just now, so `main` and `master` come first there.
 */
export async function detectDefaultBranch({
  mirror,
  ...access
}: { mirror: string } & RemoteAccess): Promise<DefaultBranch> {
  const { stdout } = await withRetries(access, () =>
    callRemote(mirror, access, 'upload-pack', ['ls-remote', '--symref'], ['HEAD', 'refs/heads/*']),
  );
  const branches = new Set<string>();
  let head: string | undefined;
  for (const line of stdout.split('\n')) {
    const [value = '', ref = ''] = line.split('\t');
    if (ref === 'HEAD' && value.startsWith('ref: ')) head = branchOf(value.slice(5));
    else if (isCommitHash(value) && branchOf(ref)) branches.add(ref.slice('refs/heads/'.length));
  }
  const local = parseRemoteAddress(access.url).path;
  if (branches.size === 0) return { branch: (local && headOf(local)) || 'main', empty: true };
  const working = local !== undefined && isWorkingRepository(local);
  const wanted = working ? [...USUAL, head] : [head, ...USUAL];
  const branch = wanted.find((name) => name !== undefined && branches.has(name));
  return { branch: branch ?? [...branches].sort()[0] ?? 'main', empty: false };
}

function branchOf(ref: string): string | undefined {
  if (!ref.startsWith('refs/heads/')) return undefined;
  const branch = ref.slice('refs/heads/'.length);
  try {
    branchRef(branch);
    return branch;
  } catch {
    return undefined;
  }
}

function isWorkingRepository(repository: string): boolean {
  return statSync(path.join(repository, '.git'), { throwIfNoEntry: false }) !== undefined;
}

/** ls-remote does not tell where the HEAD of an empty repository points. */
function headOf(repository: string): string | undefined {
  for (const file of ['.git/HEAD', 'HEAD']) {
    try {
      const head = /^ref: (\S+)$/m.exec(readFileSync(path.join(repository, file), 'utf8'))?.[1];
      return head && branchOf(head);
    } catch {
      // Bare and working repositories keep it in different places.
    }
  }
  return undefined;
}
