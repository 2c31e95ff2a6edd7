/**
 * The calls of a session from its transcripts. The stream leaves out the last counts of sub-agents'
 * answers, and all that an earlier run said when it was killed; the files have them.
 */
import type { Sandbox, SandboxCommand } from '../../sandbox/sandbox';
import type { AgentTask } from '../agent';
import type { TracedCall } from '../trace';
import { callTokens } from './call-tokens';
import { configFolder } from './credentials';
import type { ClaudeMessage, ContentBlock } from './messages';

/** Run inside: the folder is the agent's, and so is what its files and links are. */
const READ = `
cd "$1/projects" 2>/dev/null || exit 0
find . -maxdepth 4 -type f \\( -name "$2.jsonl" -o -path "*/$2/subagents/*.jsonl" \\) \\
  -exec grep -h '"type":"assistant"' {} +
find . -maxdepth 4 -type f -path "*/$2/subagents/agent-*.meta.json" | while IFS= read -r file; do
  printf '\\n%s\\t' "$file"; cat "$file"
done
exit 0`;

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_CALLS = 20_000;

export async function listTranscriptCalls(
  task: AgentTask,
  sandbox: Sandbox,
  env: SandboxCommand['env'],
): Promise<TracedCall[]> {
  const { stdout } = await sandbox.run({
    command: 'sh',
    args: ['-c', READ, 'sh', configFolder(task.home), task.sessionId],
    cwd: task.workspace,
    env,
    maxBytes: MOST_BYTES,
    timeoutMs: 30_000,
  });
  return parseTranscriptCalls(stdout.toString('utf8'));
}

interface TranscriptLine {
  message?: ClaudeMessage;
  requestId?: string;
  agentId?: string;
  timestamp?: string;
}

/** One call for each message id: several lines tell of one answer, the largest count is its last. */
export function parseTranscriptCalls(text: string): TracedCall[] {
  const calls = new Map<string, TracedCall & { messageId: string; output: ContentBlock[] }>();
  const agents = new Map<string, string>();
  const agentOf = new Map<string, string>();
  for (const row of text.split('\n')) {
    const [, agentId, meta] = /agent-([\w-]{1,100})\.meta\.json\t(.*)$/.exec(row) ?? [];
    if (agentId !== undefined) {
      const { toolUseId } = (parse(meta!) ?? {}) as { toolUseId?: unknown };
      if (typeof toolUseId === 'string') agents.set(agentId, toolUseId);
      continue;
    }
    const line = parse(row) as TranscriptLine | undefined;
    const message = line?.message;
    if (line === undefined || typeof message?.id !== 'string' || message.usage == null) continue;
    if (message.model === '<synthetic>') continue;
    const found = calls.get(message.id);
    if (found === undefined && calls.size >= MOST_CALLS) continue;
    if (line.agentId !== undefined) agentOf.set(message.id, line.agentId);
    const at = timeOf(line.timestamp);
    const tokens = callTokens(message.usage);
    const content = Array.isArray(message.content) ? message.content : [];
    const isLarger = found === undefined || tokens.output >= found.tokens.output;
    calls.set(message.id, {
      messageId: message.id,
      requestId: line.requestId,
      model: message.model,
      tokens: isLarger ? tokens : found.tokens,
      ...(message.usage.speed === 'fast' ? { fast: true } : {}),
      output: [...(found?.output ?? []), ...content],
      startedAt: found?.startedAt ?? at,
      endedAt: at ?? found?.endedAt,
    });
  }
  return [...calls.values()].map((call) => {
    const within = agents.get(agentOf.get(call.messageId) ?? '');
    return within === undefined ? call : { ...call, within };
  });
}

function timeOf(text: unknown): Date | undefined {
  const date = typeof text === 'string' ? new Date(text) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
