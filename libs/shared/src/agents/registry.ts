import { AppError } from '../errors';
import type { Agent } from './agent';
import type { AgentOptions } from './agent-options';
import { createClaudeAgent } from './claude/claude';
import { createCommandAgent } from './command/command';
import { createRehearsalAgent } from './rehearsal/rehearsal';

const AGENTS: Record<string, (options: AgentOptions) => Agent> = {
  claude: createClaudeAgent,
  command: (options) => createCommandAgent(options),
  rehearsal: createRehearsalAgent,
};

/** The names that `createAgent` knows. */
export function listAgents(): string[] {
  return Object.keys(AGENTS);
}

/** Throws `invalid_input` for a name that is not in `listAgents()`. */
export function createAgent(name: string, options: AgentOptions): Agent {
  const create = Object.hasOwn(AGENTS, name) ? AGENTS[name] : undefined;
  if (create !== undefined) return create(options);
  throw new AppError('invalid_input', `there is no agent "${name}"`, {
    hint: `Agents are ${listAgents().join(', ')}.`,
  });
}
