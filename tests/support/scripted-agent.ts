import path from 'node:path';

export type Order =
  | { type: string; [name: string]: unknown }
  | { write: string; text: string }
  | { work_ms: number }
  | { exit: number };

/** Project settings for a `command` agent that follows these orders; tests/stories/daemon has it. */
export function scriptedAgent(orders: Order[]): { agent: string; agent_command: string[] } {
  const program = path.resolve('tests', 'stories', 'daemon', 'scripted-agent.mjs');
  return {
    agent: 'command',
    agent_command: [process.execPath, program, JSON.stringify(orders)],
  };
}
