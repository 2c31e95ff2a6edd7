import { agentDatabaseUrl } from '@coffee-roadmap/shared/agent-tools/login-file';
import type { Desk } from '@coffee-roadmap/shared/agent-tools/ask-person';
import type { Listener } from '@coffee-roadmap/shared/db/listener';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectName } from '@coffee-roadmap/shared/projects/queries';
import { createHints } from '@coffee-roadmap/shared/tasks/hints';
import type { Context } from '../../context';
import { selectProject } from '../../select-project';

/** The agent's connection, made at the first tool that needs it and again after it failed. */
export interface AgentDesk {
  open(): Promise<Desk>;
  /** The one named, else the server's, else the configured or only one. */
  project(session: Session, named: string | undefined): Promise<ProjectName>;
  /** Questions that are open stay so. */
  leave(): void;
  close(): Promise<void>;
}

export function createAgentDesk(context: Context, project: string | undefined): AgentDesk {
  let opened: Promise<{ desk: Desk; listener: Listener }> | undefined;
  let leaving = false;

  async function connect(): Promise<{ desk: Desk; listener: Listener }> {
    const config = context.config();
    const session = await openSession(agentDatabaseUrl(config), 'agent').catch(explain);
    try {
      const hints = createHints();
      const listener = await session.listen({
        channels: ['coffee_notifications'],
        onHint: hints.publish,
      });
      const desk = { session, hints, paths: config.paths, leaving: () => leaving };
      return { desk, listener };
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  return {
    async open() {
      opened ??= connect();
      try {
        return (await opened).desk;
      } catch (error) {
        opened = undefined;
        throw error;
      }
    },
    project: (session, named) => selectProject(session, context, named ?? project),
    leave() {
      leaving = true;
    },
    async close() {
      const { desk, listener } = (await opened?.catch(() => undefined)) ?? {};
      await listener?.close();
      await desk?.session.close();
    },
  };
}

/** The hint for people, to log in, is none here: the login is the agents’, and mcp install makes it. */
function explain(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'not_allowed') throw error;
  throw new AppError(error.code, error.message, {
    hint: 'coffee-roadmap mcp install makes it anew.',
    cause: error,
  });
}
