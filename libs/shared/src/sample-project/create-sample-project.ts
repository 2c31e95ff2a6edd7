import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';
import { createRepository } from '../git/create-repository';
import { SAMPLE_COMMITS } from './files';
import { SAMPLE_PRIORITIES, type SamplePriority } from './priorities';

export interface SampleProject {
  /** Path of the repository: what the project's address is. */
  repository: string;
  defaultBranch: string;
  priorities: SamplePriority[];
}

/** Fixed, with the identity: everybody's sample has the same commits. 2026-01-01. */
const AT = 1_767_225_600;
const AUTHOR = { name: 'Coffee Roadmap', email: 'sample@coffee-roadmap.invalid' };
const BRANCH = 'main';

/**
 * Makes the sample project, or keeps the one that is there. It is a repository with a working tree,
 * as a person's own would be: what they accept appears in its files. Throws `invalid_input` for a
 * folder that holds something else.
 */
export async function createSampleProject({ folder }: { folder: string }): Promise<SampleProject> {
  const sample = { repository: folder, defaultBranch: BRANCH, priorities: SAMPLE_PRIORITIES };
  if (existsSync(path.join(folder, '.git'))) return sample;
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new AppError('invalid_input', `${folder} holds something else`, {
      hint: 'Name an empty folder for the sample project.',
    });
  }
  // Made aside: a kill half-way leaves nothing that looks like the whole.
  const making = `${folder}.making-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  await createRepository({
    folder: making,
    branch: BRANCH,
    identity: AUTHOR,
    at: AT,
    commits: SAMPLE_COMMITS,
  });
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return sample;
}
