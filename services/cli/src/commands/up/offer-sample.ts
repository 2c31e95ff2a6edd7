import type { Session } from '@coffee-roadmap/shared/db/session';
import { addSample } from '@coffee-roadmap/shared/local-stack/sample';
import { listProjects } from '@coffee-roadmap/shared/projects/queries';
import path from 'node:path';
import type { Context } from '../../context';
import type { UpOptions } from './register';

const QUESTION = 'Nothing here yet. Make a sample project with three priorities?';

/**
 * Made with --demo; on an empty database offered where somebody can answer, unless --empty. Whether
 * there is one now that this call made or changed.
 */
export async function offerSample(
  context: Context,
  options: UpOptions,
  session: Session<'person'>,
): Promise<boolean> {
  const folder = path.join(context.config().paths.data, 'sample');
  if (!(await isWanted(context, options, session, folder))) return false;
  await addSample(session, { folder, agent: options.agent });
  return true;
}

async function isWanted(
  context: Context,
  options: UpOptions,
  session: Session<'person'>,
  folder: string,
): Promise<boolean> {
  if (options.demo === true) return true;
  const projects = await listProjects(session, { archived: true });
  if (projects.some((project) => project.repository === folder)) return options.agent !== undefined;
  if (projects.length > 0 || options.empty === true) return false;
  const { stdin, stderr } = context.streams;
  const canAsk = stdin.isTTY === true && stderr.isTTY === true && options.json !== true;
  if (!canAsk && options.yes !== true) return false;
  return context.prompt(options).confirm(QUESTION, { otherwise: true });
}
