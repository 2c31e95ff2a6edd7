import type { Session } from '../db/session';
import { addProject, listProjects } from '../projects/queries';
import { addItem } from '../roadmap/queries';
import { createSampleProject } from '../sample-project/create-sample-project';

export interface AddedSample {
  projectId: string;
  name: string;
  repository: string;
}

export const SAMPLE_NAME = 'sample';

/**
 * The sample project with its repository and three priorities. Repeatable: what is there stays, and
 * what a kill left out is added.
 */
export async function addSample(
  session: Session<'person'>,
  options: { folder: string; agent: string },
): Promise<AddedSample> {
  const { repository, defaultBranch, priorities } = await createSampleProject(options);
  const known = (await listProjects(session)).find((project) => project.repository === repository);
  const projectId =
    known?.id ??
    (await addProject(session, {
      teamId: null,
      name: SAMPLE_NAME,
      repository,
      settings: { sample: true, agent: options.agent, default_branch: defaultBranch },
    }));
  const there = Object.values(known?.items ?? {}).reduce((sum, count) => sum + count, 0);
  for (const { number, title, body } of priorities.slice(there)) {
    await addItem(session, { projectId, number, title, body });
  }
  return { projectId, name: known?.name ?? SAMPLE_NAME, repository };
}
