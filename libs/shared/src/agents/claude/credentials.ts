import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AgentOptions } from '../agent-options';

/** The program's own folder; a person's ~/.claude is never used. */
export function configFolder(home: string): string {
  return path.join(home, '.claude');
}

/** Any one of these lets the program reach a model. */
const ENOUGH = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
];

/** What the program would log in with; undefined where it has nothing. */
export function findCredential(options: AgentOptions): string | undefined {
  const named = ENOUGH.find((name) => options.credentials?.[name]);
  if (named !== undefined) return named;
  if (options.home === undefined) return undefined;
  const stored = path.join(configFolder(options.home), '.credentials.json');
  return existsSync(stored) ? 'a stored login' : undefined;
}
