/**
 * Talks with the program over its own pipes. `--permission-prompt-tool stdio` makes it send every
 * permission prompt and every AskUserQuestion as a `control_request` on stdout and wait for the
 * `control_response` on stdin, for as long as a person takes. Our tools go the same way: no MCP server that
 * would have to be started inside the sandbox and reached from there.
 */
import { SERVER_NAME } from '../../agent-tools/server-name';
import { messageOf } from '../../errors';
import type { AgentHost, AgentTask } from '../agent';
import { describeEnd } from '../describe-end';
import type { Conversation, Dialogue } from '../program-run';
import { createQuestionKeys } from '../question-keys';
import { describeTool } from './describe-tool';
import { parseClaudeLine, type ClaudeLine, type ContentBlock, type ToolRequest } from './messages';
import { createToolPermissions, type PermissionAnswer } from './tool-permission';
import type { Observer } from './observer';
import { offerTools } from './offered-tools';
import { createUsageMeter } from './usage-meter';
import { askUserQuestions, isUserQuestion } from './user-questions';

export const GO_ON =
  'You were interrupted and have been started again in the same place. Look at what is done, go on ' +
  'from there and finish the task; do not start over. If all of it is done, say so and end.';

/** An object that came as JSON may have a `toString` that is none. */
const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export function createClaudeDialogue(
  task: AgentTask,
  resumes: boolean,
  host: AgentHost,
  program: Conversation,
  observer: Observer,
): Dialogue {
  const keyOf = createQuestionKeys();
  const permit = createToolPermissions(host, keyOf);
  const meter = createUsageMeter(host.onEvent.bind(host), program.say);
  const withdrawn = new Set<string>();
  const tools = host.createTools?.();
  const offered = tools && offerTools(tools, program.say);

  function show(block: ContentBlock): void {
    if (block.type === 'text' && block.text?.trim()) {
      program.remember(`${block.text}\n`);
      program.step('message', block.text, { text: block.text });
    } else if (block.type === 'tool_use') {
      program.step('tool', describeTool(block, task.workspace), block.input);
    }
  }

  async function decide(request: ToolRequest): Promise<PermissionAnswer> {
    if (isUserQuestion(request)) return askUserQuestions(request, host, keyOf);
    return permit(request);
  }

  async function respond(id: string, request: ToolRequest): Promise<void> {
    const decision = await decide(request).catch((error: unknown) => ({
      behavior: 'deny',
      message: `Nobody could be asked: ${messageOf(error)}`,
    }));
    if (!withdrawn.has(id)) succeed(id, decision);
  }

  function succeed(id: string, given: object): void {
    const response = { subtype: 'success', request_id: id, response: given };
    program.say({ type: 'control_response', response });
  }

  function refuse(id: string, error: string): void {
    const response = { subtype: 'error', request_id: id, error };
    program.say({ type: 'control_response', response });
  }

  /** What goes wrong with one request is its answer: a rejection that nobody takes ends the daemon. */
  function answer(id: string, work: Promise<void>): void {
    work.catch((error: unknown) => refuse(id, messageOf(error)));
  }

  function control(id: string, request: ToolRequest): void {
    if (request.subtype === 'can_use_tool') return answer(id, respond(id, request));
    if (request.subtype === 'mcp_message' && request.server_name === SERVER_NAME && offered) {
      const received = offered.receive(request.message);
      return answer(
        id,
        received.then((mcp_response) => succeed(id, { mcp_response })),
      );
    }
    refuse(id, `${request.subtype} is not supported here`);
  }

  function conclude(line: ClaudeLine): void {
    offered?.close();
    meter.total(line.total_cost_usd, line.modelUsage);
    const said = line.result ?? line.errors?.join('\n') ?? '';
    if (line.subtype === 'success' && line.is_error !== true) {
      return program.conclude({ kind: 'finished', summary: said || 'done' });
    }
    const lastOutput = program.lastOutput() || said.slice(-4_000);
    if (line.subtype === 'error_max_budget_usd') {
      return program.conclude({ kind: 'over_budget', lastOutput });
    }
    const reason = said || `Claude Code ended with ${line.subtype ?? 'an error'}`;
    program.conclude({ kind: 'failed', reason, lastOutput });
  }

  function system(line: ClaudeLine): void {
    if (line.subtype === 'init') {
      const { claude_code_version: version, model } = line;
      program.step('progress', `Claude Code ${version ?? ''} with ${model ?? 'its default model'}`);
    } else if (line.subtype === 'api_retry') {
      const told = [line.error_status ?? 'no answer', line.error].map(plain).join(' ').trim();
      const tries = `try ${plain(line.attempt)} of ${plain(line.max_retries)}`;
      program.step('progress', `the model cannot be reached (${told}): ${tries}`);
    } else program.alive();
  }

  return {
    begin() {
      if (offered !== undefined) {
        const request = { subtype: 'initialize', sdkMcpServers: [SERVER_NAME] };
        program.say({ type: 'control_request', request_id: 'tools', request });
      }
      program.say({
        type: 'user',
        message: { role: 'user', content: resumes ? GO_ON : task.prompt },
        parent_tool_use_id: null,
        session_id: task.sessionId,
      });
    },
    line(text) {
      const line = parseClaudeLine(text);
      if (line !== undefined) observer.line(line);
      switch (line?.type) {
        case undefined:
          return program.remember(`${text}\n`);
        case 'system':
          return system(line);
        case 'assistant':
          return line.message?.content?.forEach(show);
        case 'stream_event':
          meter.stream(line.event ?? {});
          return program.alive();
        case 'control_request':
          return control(line.request_id ?? '', line.request ?? {});
        case 'control_cancel_request':
          return void withdrawn.add(line.request_id ?? '');
        case 'control_response':
          return void meter.reply(line.response ?? {});
        case 'result':
          return conclude(line);
        default:
          program.alive();
      }
    },
    ended(code, signal) {
      offered?.close();
      return {
        kind: 'failed',
        reason: describeEnd(code, signal),
        lastOutput: program.lastOutput(),
      };
    },
  };
}
