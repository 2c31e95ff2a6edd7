import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Session } from '../db/session';
import { createFirstCommit } from '../git/create-first-commit';
import { ensureMirror } from '../git/ensure-mirror';
import { fetchMirror, type FetchedMirror } from '../git/fetch-mirror';
import type { RemoteAccess } from '../git/remote';
import { findCredential } from './find-credential';
import type { Assignment } from './queries';
import { setDefaultBranch } from './queries';

export interface DaemonFolders {
  /** Bare repositories of the daemon's own. */
  mirrors: string;
  /** Secrets for pushing, one folder a project; see find-credential.ts. */
  credentials: string;
}

export interface ProjectRepository extends RemoteAccess {
  mirror: string;
  fetched: FetchedMirror;
}

/** The project's mirror, made if need be and brought up to date. */
export async function openRepository(
  session: Session<'daemon'>,
  folders: DaemonFolders,
  { project }: Pick<Assignment, 'project'>,
): Promise<ProjectRepository> {
  const url = project.repository;
  const mirror = mirrorOf(folders, project);
  const access: RemoteAccess = { url, credential: findCredential(folders.credentials, project) };
  await ensureMirror({ folder: mirror, url });
  let fetched = await fetchMirror({ mirror, ...access, defaultBranch: project.default_branch });
  if (fetched.empty) {
    await createFirstCommit({ mirror, branch: fetched.defaultBranch, ...access });
    fetched = await fetchMirror({ mirror, ...access, defaultBranch: fetched.defaultBranch });
  }
  if (project.default_branch === null) {
    await setDefaultBranch(session, project.id, fetched.defaultBranch);
  }
  return { mirror, fetched, ...access };
}

/** A project that moves to another address gets another mirror; the old one holds the old history. */
export function mirrorOf(folders: DaemonFolders, project: Assignment['project']): string {
  const address = createHash('sha256').update(project.repository).digest('hex').slice(0, 12);
  return path.join(folders.mirrors, `${project.id}-${address}.git`);
}
