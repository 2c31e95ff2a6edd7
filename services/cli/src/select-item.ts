import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectName } from '@coffee-roadmap/shared/projects/queries';
import { isRoadmapNumber } from '@coffee-roadmap/shared/roadmap/document/roadmap-document';
import { getItem, type Item } from '@coffee-roadmap/shared/roadmap/queries';
import type { Context } from './context';
import { selectProject } from './select-project';

/** The item that a person means by its number, within a project. */
export async function selectItem(
  session: Session,
  context: Context,
  number: string,
  options: { project?: string },
): Promise<{ project: ProjectName; item: Item }> {
  const parsed = parseItemNumber(number);
  const project = await selectProject(session, context, options.project);
  try {
    return { project, item: await getItem(session, project.id, parsed) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    throw new AppError('not_found', `there is no priority ${parsed} in ${project.name}`, {
      hint: error.hint,
    });
  }
}

/** `2.5`, `#2.5` and `us-062` are taken; throws `invalid_input` for anything else. */
export function parseItemNumber(text: string): string {
  const number = text.trim().replace(/^#/, '').toUpperCase();
  if (isRoadmapNumber(number)) return number;
  throw new AppError('invalid_input', `"${text}" is not the number of a priority`, {
    hint: 'Numbers look like 1, 2.5 or US-062; coffee-roadmap roadmap list shows them.',
  });
}
