/** The real Claude Code program against a scripted loopback API. */
import { createAgent } from '@coffee-roadmap/shared/agents/registry';
import type { Agent } from '@coffee-roadmap/shared/agents/agent';
import { findClaude } from '@coffee-roadmap/shared/agents/claude/find-claude';
import type { ApiRequest, RequestBlock, ScriptedTurn } from '../support/messages-api';

export const PATH = process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';

export const claudeFound = findClaude({ path: PATH }) !== undefined;

export function claudeAt(url: string): Agent {
  return createAgent('claude', {
    path: PATH,
    credentials: { ANTHROPIC_API_KEY: 'not-a-real-key', ANTHROPIC_BASE_URL: url },
  });
}

export function callTool(name: string, input: Record<string, unknown>): ScriptedTurn {
  return { blocks: [{ type: 'tool_use', name, input }] };
}

export function sayText(text: string): ScriptedTurn {
  return { blocks: [{ type: 'text', text }] };
}

export function blocksOf(request: ApiRequest): RequestBlock[] {
  return request.messages.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  );
}

/** What came of the tools that the script called, oldest first, as text. */
export function toolResults(request: ApiRequest): string[] {
  return blocksOf(request)
    .filter((block) => block.type === 'tool_result')
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
}

/** What people and the daemon said, without what the program adds. */
export function promptsOf(request: ApiRequest): string[] {
  return request.messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) =>
      typeof content === 'string' ? [content] : content.map(({ text }) => text ?? ''),
    )
    .filter((text) => text !== '' && !text.startsWith('<system-reminder>'));
}
