import type { PhrasePattern } from '../../phrases/patterns';
import type { MachineRecord, UsageRecord } from '../../records/record';
import { makeRecordId } from '../../records/record-id';

/** What a line may hold, if it holds what it should. */
interface Line {
  type?: string;
  uuid?: string;
  timestamp?: unknown;
  sessionId?: string;
  requestId?: string;
  cwd?: string;
  version?: string;
  gitBranch?: string;
  agentId?: string;
  costUSD?: number;
  isSidechain?: boolean;
  isMeta?: boolean;
  isCompactSummary?: boolean;
  message?: Message;
  data?: { message?: Line };
}

interface Message {
  id?: string;
  model?: string;
  content?: unknown;
  usage?: Usage;
}

interface Usage {
  input_tokens?: number;
  output_tokens?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  cache_creation?: { ephemeral_5m_input_tokens?: number; ephemeral_1h_input_tokens?: number };
  speed?: UsageRecord['speed'];
}

interface Block {
  type?: string;
  id?: string;
  name?: string;
  text?: string;
}

/**
 * What a transcript says, written as plainly as possible and without regard to speed: each line through
 * JSON.parse. The real reader is compared with it. Usage, phrases, tool uses and people's messages.
 */
export function referenceRecords(
  content: Buffer,
  { machineId, patterns }: { machineId: string; patterns: readonly PhrasePattern[] },
  agentId?: string,
): MachineRecord[] {
  const lines = content.toString('utf8').split('\n').slice(0, -1);
  return lines.flatMap((text) => {
    const line = parse(text);
    const at = line === undefined ? undefined : instantOf(innerOf(line).timestamp);
    if (line === undefined || at === undefined) return [];
    const base = { v: 1 as const, at };
    const id = (source: string, type: string, discriminator: string): string =>
      makeRecordId({ machineId, source, type, at, discriminator });
    const usage = usageOf(line, agentId);
    const found: MachineRecord[] = [];
    if (usage !== undefined) {
      const { message_id, request_id, line_uuid } = usage;
      const key = message_id === null ? String(line_uuid) : `${message_id}/${request_id ?? ''}`;
      found.push({ ...base, ...usage, id: id('claude', 'usage', key) });
    }
    if (line.type === 'assistant' && (usage !== undefined || line.message?.usage === undefined))
      found.push(...phrasesOf(line, patterns, base, id));
    const place = { folder: line.cwd || null, session_id: sessionOf(line, agentId) };
    const agent = { ...base, source: 'remote.agent' as const, ...place };
    if (line.type === 'assistant') {
      for (const block of listOf(line.message?.content)) {
        if (block?.type !== 'tool_use' || !block.id || !block.name) continue;
        const type = 'agent_tool_use' as const;
        found.push({ ...agent, type, tool: block.name, id: id(agent.source, type, block.id) });
      }
    }
    if (isByAPerson(line) && agentId === undefined) {
      const type = 'user_message' as const;
      found.push({ ...agent, type, id: id(agent.source, type, line.uuid!) });
    }
    return found;
  });
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Line)
      : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): Block[] => (Array.isArray(value) ? (value as Block[]) : []);

/** The line whose message counts: itself, or what a progress line holds. */
function innerOf(line: Line): Line {
  if (line.message?.usage !== undefined) return line;
  const inner = line.data?.message;
  return inner?.message?.usage === undefined ? line : inner;
}

function instantOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length !== 24) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? undefined : text;
}

function sessionOf(line: Line, agentId: string | undefined): string | null {
  return agentId === undefined ? (line.sessionId ?? null) : `agent-${agentId}`;
}

function usageOf(line: Line, agentId?: string): Omit<UsageRecord, 'v' | 'id' | 'at'> | undefined {
  const inner = innerOf(line);
  const { message } = inner;
  if (message?.usage === undefined) return undefined;
  const { usage, id, model } = message;
  const read = usage.cache_read_input_tokens ?? 0;
  const split = usage.cache_creation;
  const numbers = [usage.input_tokens, usage.output_tokens, read];
  if (!numbers.every((value) => Number.isSafeInteger(value) && Number(value) >= 0))
    return undefined;
  if ([id, model, inner.requestId, inner.sessionId].some((value) => value === '')) return undefined;
  if ([id, model, inner.requestId, inner.cwd, usage.speed].some((value) => value === null))
    return undefined;
  if (inner.version !== undefined && !/^\d+\.\d+\.\d/.test(inner.version)) return undefined;
  return {
    type: 'usage',
    source: 'claude',
    message_id: id ?? null,
    request_id: inner.requestId ?? null,
    line_uuid: inner.uuid ?? null,
    session_id: line.sessionId ?? null,
    agent_id: line.agentId ?? agentId ?? null,
    is_sidechain: inner.isSidechain ?? false,
    model: model ?? null,
    speed: usage.speed ?? null,
    input_tokens: usage.input_tokens!,
    output_tokens: usage.output_tokens!,
    cache_read_tokens: read,
    cache_write_5m_tokens: split
      ? (split.ephemeral_5m_input_tokens ?? 0)
      : (usage.cache_creation_input_tokens ?? 0),
    cache_write_1h_tokens: split?.ephemeral_1h_input_tokens ?? 0,
    logged_cost_usd: inner.costUSD === undefined ? null : String(inner.costUSD),
    folder: line.cwd || null,
    git_branch: line.gitBranch || null,
    version: line.version ?? null,
  };
}

function phrasesOf(
  line: Line,
  patterns: readonly PhrasePattern[],
  base: { v: 1; at: string },
  id: (source: string, type: string, discriminator: string) => string,
): MachineRecord[] {
  const texts = listOf(line.message?.content).filter((block) => block?.type === 'text');
  const said = texts.map((block) => String(block.text).replaceAll('’', "'"));
  const names = patterns
    .filter(({ match }) => said.some((text) => new RegExp(match, 'i').test(text)))
    .map(({ name }) => name)
    .sort();
  const key = line.message?.id ?? line.uuid;
  if (names.length === 0 || key === undefined) return [];
  return [
    {
      ...base,
      id: id('claude', 'phrases', key),
      type: 'phrases',
      source: 'claude',
      message_id: line.message?.id ?? null,
      line_uuid: line.uuid ?? null,
      session_id: line.sessionId ?? null,
      patterns: names,
    },
  ];
}

function isByAPerson(line: Line): boolean {
  if (line.type !== 'user' || line.isSidechain || line.isMeta || line.isCompactSummary)
    return false;
  const content: unknown = line.message?.content;
  if (typeof content === 'string')
    return content !== '' && !/^<(command-name>|command-message>|local-command-)/.test(content);
  const blocks = listOf(content);
  return blocks.length > 0 && blocks.every((block) => block.type !== 'tool_result');
}
