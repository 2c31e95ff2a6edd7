/** What Claude Code calls when it is started with --permission-prompt-tool. */
import type { ToolCall, ToolServer } from '@coffee-roadmap/shared/agent-tools/tool-server';
import { askPerson } from '@coffee-roadmap/shared/agent-tools/ask-person';
import type { AgentQuestion } from '@coffee-roadmap/shared/agents/agent';
import { createToolPermissions } from '@coffee-roadmap/shared/agents/claude/tool-permission';
import {
  askUserQuestions,
  isUserQuestion,
} from '@coffee-roadmap/shared/agents/claude/user-questions';
import type { GivenAnswer } from '@coffee-roadmap/shared/questions/wait-for-answer';
import { stableJson } from '@coffee-roadmap/shared/agents/question-keys';
import { z } from 'zod';
import type { AgentDesk } from './agent-desk';

/** A leave that was given while nobody waited for it holds no longer than this. */
const TAKEN_UP_MS = 3_600_000;

export function addPermissionTool(server: ToolServer, desk: AgentDesk): void {
  const keyOf = (kind: string, content: unknown): string => stableJson({ kind, content });

  async function put(question: AgentQuestion, call: ToolCall): Promise<GivenAnswer> {
    const opened = await desk.open();
    const { id: projectId } = await desk.project(opened.session, undefined);
    const { key, title, message, options, multiple, freeText } = question;
    const asked = { title, message, options, multiple, freeText, priority: 'high' } as const;
    const answer = await askPerson(
      opened,
      { projectId, ...asked, content: key, maxAgeMs: TAKEN_UP_MS },
      call.signal,
    );
    call.afterSent(answer.handedOver);
    return answer;
  }

  // Remembers what is allowed for good, so it lives as long as this server; each call asks by its own.
  let current: ToolCall;
  const permit = createToolPermissions(
    { ask: (question) => put(question, current) },
    keyOf,
    'session',
  );

  server.tool(
    'approve',
    {
      description:
        'For --permission-prompt-tool alone: puts a permission prompt to the people of the team. Not to be called by the model.',
      input: {
        tool_name: z.string(),
        input: z.record(z.string(), z.unknown()),
        tool_use_id: z.string().optional(),
      },
    },
    (request, call) => {
      if (isUserQuestion(request)) {
        return askUserQuestions(request, { ask: (question) => put(question, call) }, keyOf);
      }
      current = call; // read before anything is awaited
      return permit(request);
    },
  );
}
