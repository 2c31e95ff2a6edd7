/** The built-in agent for demonstrations and tests: deterministic, needs no key, costs nothing. */
import path from 'node:path';
import { projectRoot } from '../../config/project-root';
import type { Agent } from '../agent';
import type { AgentOptions } from '../agent-options';
import { createCommandAgent } from '../command/command';

/** A real process that speaks the `command` agent's protocol, so that it goes the same way. */
export function createRehearsalAgent(options: AgentOptions): Agent {
  const program = path.join(projectRoot(), 'libs/shared/src/agents/rehearsal/program.mjs');
  const command = [process.execPath, program];
  return createCommandAgent({ ...options, command, credentials: {} }, 'rehearsal');
}
