/** What another uid reaches, asked of the kernel as that uid: modes alone do not tell (ACLs, mounts). */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { AgentUser } from './agent-user';
import { prepareRoot } from './folders';

const run = promisify(execFile);

/** Of these files and folders, the ones that the user can read or pass through. */
export async function findReadable(files: string[], user: AgentUser): Promise<string[]> {
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) return [];
  const script = 'for f; do if [ -r "$f" ] || [ -x "$f" ]; then printf "%s\\0" "$f"; fi; done';
  const argv = [...user.prefix, '/bin/sh', '-c', script, 'sh', ...present];
  const [command = '/bin/sh', ...args] = argv;
  const identity = user.prefix.length > 0 ? {} : { uid: user.uid, gid: user.gid };
  const { stdout } = await run(command, args, { cwd: '/', env: {}, ...identity });
  return stdout.split('\0').filter(Boolean);
}

/** Where workspaces go when the wanted folder is out of the other uid's reach. */
export function sharedRootFor(wanted: string): string {
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  // It survives a restart of the machine, as agents' sessions have to.
  return path.join('/var/tmp', `coffee-roadmap-${hash}`);
}

/** The wanted folder if the user gets there; to open somebody's home for it would be worse. */
export async function findReachableRoot(wanted: string, user: AgentUser): Promise<string> {
  if ((await findReadable([wanted], user)).length > 0) return wanted;
  const root = sharedRootFor(wanted);
  await prepareRoot(root, user);
  return root;
}
