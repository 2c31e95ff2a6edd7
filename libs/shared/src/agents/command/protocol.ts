/** The JSON lines of the `command` agent, one object per line; docs/agents.md is for its authors. */
import type { AgentQuestion, AgentTask, AgentUsage } from '../agent';
import { cleanLine, cleanText } from '../clean-text';

/** The first line that the program gets. */
export function taskLine(task: AgentTask): object {
  return {
    type: 'task',
    prompt: task.prompt,
    workspace: task.workspace,
    home: task.home,
    attempt_id: task.attemptId,
    session_id: task.sessionId,
    resume: task.resume,
    ...(task.budgetUsd === undefined ? {} : { budget_usd: task.budgetUsd }),
    ...(task.model === undefined ? {} : { model: task.model }),
  };
}

export function answerLine(id: string | number, answer: string, answeredBy: string | null): object {
  return { type: 'answer', id, answer, answered_by: answeredBy };
}

export type ProgramLine =
  | { type: 'message' | 'progress'; text: string }
  | { type: 'tool'; name: string; summary: string; detail: unknown }
  | { type: 'question'; id: string | number; question: Omit<AgentQuestion, 'key'> }
  | { type: 'usage'; usage: AgentUsage }
  | { type: 'result'; status: 'finished' | 'failed' | 'over_budget'; text: string };

const MAX_TEXT = 20_000;
const MAX_OPTIONS = 20;

/** What is not a JSON object with a type that we know is a message: programs print what they like. */
export function parseLine(line: string): ProgramLine {
  const said = parseObject(line);
  const text = (name: string): string =>
    typeof said?.[name] === 'string' ? cleanText(said[name], MAX_TEXT) : '';
  switch (said?.type) {
    case 'message':
    case 'progress':
      return { type: said.type, text: text('text') };
    case 'tool': {
      const name = cleanLine(text('name')) || 'tool';
      return { type: 'tool', name, summary: text('summary') || name, detail: said.detail };
    }
    case 'question':
      return {
        type: 'question',
        // Given back as it came.
        id: typeof said.id === 'number' ? said.id : text('id'),
        question: parseQuestion(said, text),
      };
    case 'usage':
      return { type: 'usage', usage: parseUsage(said, text) };
    case 'result': {
      const status =
        said.status === 'failed' || said.status === 'over_budget' ? said.status : 'finished';
      return { type: 'result', status, text: text('summary') || text('reason') };
    }
    default:
      return { type: 'message', text: cleanText(line, MAX_TEXT) };
  }
}

function parseQuestion(
  said: Record<string, unknown>,
  text: (name: string) => string,
): Omit<AgentQuestion, 'key'> {
  const options = (Array.isArray(said.options) ? said.options : [])
    .slice(0, MAX_OPTIONS)
    .map((option: unknown) => parseOption(option))
    .filter((option) => option.label !== '');
  const message = text('message') || text('title');
  return {
    kind: said.kind === 'permission' ? 'permission' : 'question',
    title: cleanLine(text('title') || message),
    message,
    options,
    multiple: said.multiple === true,
    // Without options there is no other way to answer.
    freeText: said.free_text === true || options.length === 0,
    ...parseTimeout(said, text),
  };
}

/** Without a stated default there is nothing that could be taken: such a question waits. */
function parseTimeout(
  said: Record<string, unknown>,
  text: (name: string) => string,
): Pick<AgentQuestion, 'timeoutS' | 'defaultAnswer'> {
  const { timeout_s: timeoutS } = said;
  const defaultAnswer = text('default');
  const limited = typeof timeoutS === 'number' && timeoutS > 0 && Number.isFinite(timeoutS);
  return limited && defaultAnswer !== '' ? { timeoutS, defaultAnswer } : {};
}

function parseOption(option: unknown): { label: string; description?: string } {
  if (typeof option === 'string') return { label: cleanLine(option) };
  const { label, description } = (option ?? {}) as Record<string, unknown>;
  return {
    label: typeof label === 'string' ? cleanLine(label) : '',
    ...(typeof description === 'string' ? { description: cleanText(description, 2_000) } : {}),
  };
}

function parseUsage(said: Record<string, unknown>, text: (name: string) => string): AgentUsage {
  const number = (name: string): number => {
    const value = said[name];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
  };
  const tokens = (name: string): number =>
    Math.min(Math.round(number(name)), Number.MAX_SAFE_INTEGER);
  return {
    costUsd: number('cost_usd'),
    inputTokens: tokens('input_tokens'),
    outputTokens: tokens('output_tokens'),
    cacheReadTokens: tokens('cache_read_tokens'),
    cacheWriteTokens: tokens('cache_write_tokens'),
    ...(text('model') ? { model: cleanLine(text('model')) } : {}),
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
