import { identityEnvironment } from '../git/message';
import type { AgentOptions } from './agent-options';

/** The whole environment of an agent, credentials apart. */
export function agentEnvironment(options: AgentOptions, home: string): Record<string, string> {
  return {
    PATH: options.path,
    HOME: home,
    LANG: options.lang ?? 'C.UTF-8',
    TERM: 'dumb',
    ...(options.identity ? identityEnvironment(options.identity) : {}),
  };
}
