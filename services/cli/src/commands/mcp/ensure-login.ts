import {
  agentDatabaseUrl,
  findAgentLogin,
  saveAgentLogin,
} from '@coffee-roadmap/shared/agent-tools/login-file';
import { addAgent } from '@coffee-roadmap/shared/agent-tools/queries';
import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Context } from '../../context';
import { describeDatabase, urlForLogin } from '../../database-url';

/** This machine's agents are one login: what they ask says where it comes from. */
export function agentLabel(context: Context): string {
  const { host, paths } = context.config();
  return findAgentLogin(paths)?.label ?? host.slice(0, 40);
}

/** Keeps the login that works; else makes one, or gives it a new password. True when it did. */
export async function ensureAgentLogin(
  context: Context,
  session: Session<'person'>,
): Promise<boolean> {
  const config = context.config();
  if (await works(context, session)) return false;
  const label = agentLabel(context);
  const made = await addAgent(session, label);
  saveAgentLogin(config.paths, { label, database_url: urlForLogin(requireDatabase(config), made) });
  return true;
}

async function works(context: Context, person: Session<'person'>): Promise<boolean> {
  const config = context.config();
  if (findAgentLogin(config.paths) === undefined) return false;
  const url = agentDatabaseUrl(config);
  const [there, here] = [url, requireDatabase(config)].map((text) => {
    const { host, port, name } = describeDatabase(text);
    return `${host}:${port}/${name}`;
  });
  if (there !== here) return false;
  try {
    const session = await openSession(url, 'agent', { connections: 1 });
    await session.close();
    return session.me.name.startsWith(`${person.me.name.slice(0, 45)}'s agent (`);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_allowed') return false;
    throw error;
  }
}
