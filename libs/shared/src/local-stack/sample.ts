import type { Session } from '../db/session';
import { addProject, listProjects, setProject, type ListedProject } from '../projects/queries';
import { addItem } from '../roadmap/queries';
import { createSampleProject } from '../sample-project/create-sample-project';

export interface AddedSample {
  projectId: string;
  name: string;
  repository: string;
}

export const SAMPLE_NAME = 'sample';

/**
 * The sample project with its repository and three priorities. Repeatable: what is there stays, what
 * a kill left out is added, and an agent that is named takes over.
 */
export async function addSample(
  session: Session<'person'>,
  options: { folder: string; agent: string | undefined },
): Promise<AddedSample> {
  const { folder, agent } = options;
  const { repository, defaultBranch, priorities } = await createSampleProject({ folder });
  const all = await listProjects(session, { archived: true });
  const known = all.find((project) => project.repository === repository);
  if (known !== undefined) await freshen(session, known, agent);
  const projectId =
    known?.id ??
    (await addProject(session, {
      teamId: null,
      name: SAMPLE_NAME,
      repository,
      settings: { sample: true, agent: agent ?? 'rehearsal', default_branch: defaultBranch },
    }));
  const there = Object.values(known?.items ?? {}).reduce((sum, count) => sum + count, 0);
  for (const { number, title, body } of priorities.slice(there)) {
    await addItem(session, { projectId, number, title, body });
  }
  return { projectId, name: known?.name ?? SAMPLE_NAME, repository };
}

async function freshen(
  session: Session<'person'>,
  known: ListedProject,
  agent: string | undefined,
): Promise<void> {
  const archived = known.archived_at === null ? undefined : false;
  if (archived === undefined && (agent === undefined || agent === known.agent)) return;
  await setProject(session, known.id, { agent, archived });
}
