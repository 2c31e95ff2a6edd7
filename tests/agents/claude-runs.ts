/** The real Claude Code program against a scripted loopback API. */
import type { Agent, AgentHost, AgentTask } from '@coffee-roadmap/shared/agents/agent';
import { findClaudeHere } from '@coffee-roadmap/shared/agents/claude/find-claude';
import { createAgent } from '@coffee-roadmap/shared/agents/registry';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  startMessagesApi,
  type ApiRequest,
  type MessagesApi,
  type RequestBlock,
  type Script,
  type ScriptedTurn,
} from '../support/messages-api';
import { createRecordingHost } from './recording-host';
import { makeWorkPlace, type WorkPlace } from './work-place';

export const PATH = process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';

const claudeFound = findClaudeHere({ path: PATH }) !== undefined;

export const describeClaude = claudeFound ? describe : describe.skip;

export function claudeTitle(title: string): string {
  return claudeFound ? title : `${title} (skipped: the program is not installed here)`;
}

export function claudeAt(url: string): Agent {
  return createAgent('claude', {
    path: PATH,
    credentials: { ANTHROPIC_API_KEY: 'not-a-real-key', ANTHROPIC_BASE_URL: url },
  });
}

/** A work place and an API for each test of the surrounding `describe`. */
export function useClaude() {
  const used = {} as { place: WorkPlace; api: MessagesApi }; // filled before each test
  const placeAnew = async (options: Parameters<typeof makeWorkPlace>[0]): Promise<void> => {
    await used.place.remove();
    used.place = await makeWorkPlace(options);
  };
  beforeEach(async () => {
    used.place = await makeWorkPlace({ bubblewrap: false });
  });
  afterEach(async () => {
    await used.api?.close();
    await used.place.remove();
  });
  return Object.assign(used, {
    placeAnew,
    /** Each start has an API of its own. */
    async start(
      script: Script,
      reply?: Parameters<typeof createRecordingHost>[0],
      change: Partial<AgentTask> = {},
      more: Partial<AgentHost> = {},
    ) {
      await used.api?.close();
      used.api = await startMessagesApi(script);
      const host = { ...createRecordingHost(reply), ...more };
      const task = used.place.task('Greet people by name.', change);
      const run = await claudeAt(used.api.url).start(task, host, used.place.sandbox);
      return { host, run };
    },
    /** The lines of the session on disk. */
    transcript: (): string[] => {
      const projects = path.join(used.place.home, '.claude', 'projects');
      const name = `${used.place.task('').sessionId}.jsonl`;
      return (existsSync(projects) ? readdirSync(projects) : [])
        .map((folder) => path.join(projects, folder, name))
        .filter((file) => existsSync(file))
        .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
    },
  });
}

/** A script whose turns follow the number of tool results that the conversation holds already. */
export function follow(...turns: ScriptedTurn[]): Script {
  return (request) => turns[toolResults(request).length] ?? sayText('nothing more');
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
