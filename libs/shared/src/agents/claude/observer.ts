/** Follows the lines of a run and tells each call of the model and each use of a tool, sub-agents' too. */
import { NO_TOKENS, type AgentTrace, type TracedCall } from '../trace';
import { callTokens } from './call-tokens';
import type { ClaudeLine, ContentBlock } from './messages';

export interface Observer {
  line(line: ClaudeLine): void;
  /** Whether the numbers of this answer, as they were told, are its last. */
  isComplete(messageId: string): boolean;
}

const AGENT_TOOLS = ['Task', 'Agent'];

export function createObserver(
  tell: (trace: AgentTrace) => void,
  firstInput: string,
  now: () => Date = () => new Date(),
): Observer {
  /** What each conversation said to the model since its last call; '' is the main one. */
  const said = new Map<string, unknown[]>([['', [{ role: 'user', content: firstInput }]]]);
  const complete = new Set<string>();
  let open: (TracedCall & { messageId: string; blocks: ContentBlock[] }) | undefined;

  function takeInput(conversation: string): unknown[] | undefined {
    const input = said.get(conversation);
    said.delete(conversation);
    return input;
  }

  /** Only the main conversation is streamed. */
  function stream({ event, ttft_ms: waitedMs = 0 }: ClaudeLine): void {
    if (event?.type === 'message_start' && event.message?.id) {
      const { id: messageId, model, usage = {} } = event.message;
      const answeringAt = now();
      const startedAt = new Date(answeringAt.getTime() - waitedMs);
      const tokens = callTokens(usage);
      const input = takeInput('');
      open = { messageId, model, startedAt, answeringAt, tokens, input, blocks: [] };
      if (usage.speed === 'fast') open.fast = true;
    } else if (event?.type === 'message_delta' && open !== undefined) {
      open.tokens = callTokens(event.usage ?? {}, open.tokens);
    } else if (event?.type === 'message_stop' && open !== undefined) {
      const { blocks, ...call } = open;
      open = undefined;
      complete.add(call.messageId);
      tell({ kind: 'call', call: { ...call, output: blocks, endedAt: now() } });
    }
  }

  function assistant({ message, parent_tool_use_id: parent, request_id }: ClaudeLine): void {
    const within = parent ?? undefined;
    const content = message?.content ?? [];
    for (const block of content) if (block.type === 'tool_use') begin(block, within);
    if (message?.id === undefined) return;
    if (open?.messageId === message.id) {
      open.blocks.push(...content);
      if (request_id !== undefined) open.requestId = request_id;
      return;
    }
    // Of a sub-agent's answers the program passes some on, with their first counts.
    const { id: messageId, model, usage = {} } = message;
    const input = takeInput(within ?? '');
    const times = { startedAt: now(), endedAt: now() };
    const tokens = callTokens(usage, NO_TOKENS);
    const call = { messageId, requestId: request_id, model, within, tokens, input, ...times };
    tell({ kind: 'call', call: { ...call, output: content } });
  }

  function begin({ id, name, input }: ContentBlock, within: string | undefined): void {
    const isAgent = AGENT_TOOLS.includes(name ?? '');
    tell({ kind: 'tool', tool: { id, name, within, isAgent, input, startedAt: now() } });
  }

  function user({ message, parent_tool_use_id: parent }: ClaudeLine): void {
    const content = message?.content ?? [];
    const conversation = parent ?? '';
    said.set(conversation, [...(said.get(conversation) ?? []), { role: 'user', content }]);
    if (!Array.isArray(content)) return;
    for (const block of content) {
      if (block.type !== 'tool_result' || block.tool_use_id === undefined) continue;
      const { tool_use_id: id, content: output, is_error } = block;
      tell({ kind: 'tool', tool: { id, output, failed: is_error === true, endedAt: now() } });
    }
  }

  return {
    line(line) {
      if (line.type === 'stream_event' && !line.parent_tool_use_id) stream(line);
      else if (line.type === 'assistant') assistant(line);
      else if (line.type === 'user') user(line);
    },
    isComplete: (messageId) => complete.has(messageId),
  };
}
