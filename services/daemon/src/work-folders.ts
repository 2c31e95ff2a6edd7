import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Sandbox } from '@coffee-roadmap/shared/sandbox/sandbox';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { listOpenAttempts } from '@coffee-roadmap/shared/tasks/queries';
import path from 'node:path';
import type { DaemonConfig } from './config';

/** Bare repositories of all daemons that share the folder. */
export function mirrorsIn({ folder }: { folder: string }): string {
  return path.join(folder, 'mirrors');
}

export function workspacesIn(sandbox: Sandbox): string {
  return path.join(sandbox.root, 'workspaces');
}

/** Agents' homes survive attempts: they hold sessions and stored logins. */
export function homesIn(sandbox: Sandbox): string {
  return path.join(sandbox.root, 'homes');
}

/** Where traces wait for the database; not the agent's to see. */
export function tracesOf(config: Pick<DaemonConfig, 'folder'>, daemonId: string): string {
  return path.join(config.folder, 'traces', daemonId);
}

export function workspaceOf(sandbox: Sandbox, attemptId: number): string {
  return path.join(workspacesIn(sandbox), `attempt-${attemptId}`);
}

/** Removes what is left of attempts that ended, went on elsewhere or were reset. */
export async function removeOldWorkspaces(
  session: Session<'daemon'>,
  sandbox: Sandbox,
  isRunning: (attemptId: number) => boolean,
): Promise<void> {
  const folder = workspacesIn(sandbox);
  const ids = (await sandbox.listFolder(folder)).flatMap((name) => {
    const id = /^attempt-(\d+)$/.exec(name)?.[1];
    return id === undefined ? [] : [Number(id)];
  });
  const open = new Set(await persist(() => listOpenAttempts(session, ids)));
  for (const id of ids) {
    if (!open.has(id) && !isRunning(id)) await sandbox.removeFolder(workspaceOf(sandbox, id));
  }
}
