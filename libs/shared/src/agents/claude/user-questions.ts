/** The program's AskUserQuestion tool: one to four questions, each put to people as its own. */
import type { AgentHost } from '../agent';
import { cleanLine, cleanText } from '../clean-text';
import type { ToolRequest } from './messages';
import type { PermissionAnswer } from './tool-permission';

interface UserQuestion {
  question?: string;
  header?: string;
  multiSelect?: boolean;
  options?: { label?: string; description?: string }[];
}

export function isUserQuestion(request: ToolRequest): boolean {
  return request.tool_name === 'AskUserQuestion' && Array.isArray(request.input?.questions);
}

/** The answers go back keyed by the question's text, several labels joined by ", ". */
export async function askUserQuestions(
  request: ToolRequest,
  host: Pick<AgentHost, 'ask'>,
  keyOf: (kind: 'question', content: unknown) => string,
): Promise<PermissionAnswer> {
  const questions = request.input?.questions as UserQuestion[];
  const answers = await Promise.all(
    questions.map(async ({ question = '', header, multiSelect, options = [] }) => {
      const offered = options.map(({ label = '', description }) => ({
        label: cleanLine(label),
        ...(description ? { description: cleanText(description, 2_000) } : {}),
      }));
      const { answer } = await host.ask({
        key: keyOf('question', { question, options: offered.map(({ label }) => label) }),
        kind: 'question',
        title: cleanLine(header ? `${header}: ${question}` : question),
        message: cleanText(question, 20_000),
        options: offered,
        multiple: multiSelect === true,
        freeText: true,
      });
      return [question, answer] as const;
    }),
  );
  return {
    behavior: 'allow',
    updatedInput: { ...request.input, answers: Object.fromEntries(answers) },
  };
}
