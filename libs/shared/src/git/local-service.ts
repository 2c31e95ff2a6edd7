import { statSync } from 'node:fs';
import path from 'node:path';
import { quoteForShell } from './shell';

export type Service = 'upload-pack' | 'receive-pack';

/**
 * Runs git as the repository's owner. A push by root would leave files behind that the owner's own
 * git can no longer change, and root would run the owner's hooks.
 */
const AS_OWNER = [
  'const [uid, gid, ...args] = process.argv.slice(1);',
  "const { spawnSync } = require('node:child_process');",
  "const end = spawnSync('git', args, { uid: +uid, gid: +gid, stdio: 'inherit' });",
  'process.exit(end.status ?? 1);',
].join(' ');

/**
 * The program that serves a repository on this machine, as a shell command for --upload-pack or
 * --receive-pack. A repository that belongs to somebody else is accepted: a person has named it as
 * the project's. A branch that is checked out there moves only together with a clean working tree.
 */
export function localService(repository: string, service: Service): string {
  const git = [
    '-c',
    'safe.directory=*',
    ...(service === 'receive-pack' ? ['-c', 'receive.denyCurrentBranch=updateInstead'] : []),
    service,
  ];
  const owner = ownerOf(repository);
  const command =
    owner && process.getuid?.() === 0 && owner.uid !== 0
      ? [process.execPath, '-e', AS_OWNER, String(owner.uid), String(owner.gid), ...git]
      : ['git', ...git];
  return command.map(quoteForShell).join(' ');
}

/** The folder itself may be a mount point of root's; what git keeps inside tells whose it is. */
function ownerOf(repository: string): { uid: number; gid: number } | undefined {
  for (const inside of ['.git', 'HEAD', '.']) {
    const stat = statSync(path.join(repository, inside), { throwIfNoEntry: false });
    if (stat) return stat;
  }
  return undefined;
}
