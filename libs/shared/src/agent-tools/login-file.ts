/** What the agent's login is kept in: a file of the person's alone, never one that is committed. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import type { Paths } from '../config/paths';
import { AppError } from '../errors';

export interface AgentLogin {
  /** Which of the person's agents it is. */
  label: string;
  /** With login and password. */
  database_url: string;
}

const MEND = 'Move it away; coffee-roadmap mcp install makes it anew.';

export function agentLoginFile(paths: Paths): string {
  return path.join(paths.config, 'agent.json');
}

export function findAgentLogin(paths: Paths): AgentLogin | undefined {
  const login = readPrivateJson<Partial<AgentLogin>>(agentLoginFile(paths), MEND);
  if (login === undefined) return undefined;
  const { label, database_url } = login;
  if (typeof label === 'string' && URL.canParse(database_url ?? '')) {
    return { label, database_url: database_url! };
  }
  throw new AppError('not_configured', `${agentLoginFile(paths)} holds no login`, {
    hint: MEND,
  });
}

export function saveAgentLogin(paths: Paths, login: AgentLogin): void {
  writePrivateJson(agentLoginFile(paths), login);
}

export function removeAgentLogin(paths: Paths): void {
  rmSync(agentLoginFile(paths), { force: true });
}

/** Throws `not_configured`. This machine's own Postgres may have come up at another port since. */
export function agentDatabaseUrl({ paths, file }: Config): string {
  const login = findAgentLogin(paths);
  if (login === undefined) {
    throw new AppError('not_configured', 'agents have no login here yet', {
      hint: 'coffee-roadmap mcp install makes one.',
    });
  }
  const url = new URL(login.database_url);
  if (file.embedded === true && URL.canParse(file.database_url ?? '')) {
    url.host = new URL(file.database_url!).host;
  }
  return url.href;
}
