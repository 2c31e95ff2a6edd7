import { messageOf } from '../../errors';
import type { AgentHost, AgentTask, AgentUsage } from '../agent';
import { describeEnd } from '../describe-end';
import type { Conversation, Dialogue } from '../program-run';
import { createQuestionKeys } from '../question-keys';
import type { AgentTrace, TracedTool } from '../trace';
import { answerLine, parseLine, taskLine, type ProgramLine } from './protocol';
import { createUsageCalls } from './usage-calls';

/** More questions than this at once are no questions; the run fails. */
const MOST_OPEN = 20;

export function createCommandDialogue(
  task: AgentTask,
  host: AgentHost,
  program: Conversation,
): Dialogue {
  const keyOf = createQuestionKeys();
  const callOf = createUsageCalls();
  let open = 0;
  let lastMessage = '';

  function ask({ id, question }: Extract<ProgramLine, { type: 'question' }>): void {
    if (open >= MOST_OPEN) return fail(`it asked more than ${MOST_OPEN} questions at once`);
    open += 1;
    const { kind, title, message, options } = question;
    host
      .ask({ ...question, key: keyOf(kind, { title, message, options }) })
      .then(
        ({ answer, answeredBy }) => program.say(answerLine(id, answer, answeredBy)),
        (error: unknown) => fail(`its question could not be asked: ${messageOf(error)}`),
      )
      .finally(() => (open -= 1));
  }
  function fail(reason: string): void {
    program.conclude({ kind: 'failed', reason, lastOutput: program.lastOutput() });
  }
  function count(usage: AgentUsage): void {
    host.onEvent({ type: 'usage', usage });
    const call = callOf(usage);
    if (call !== undefined) tell({ kind: 'call', call: { ...call, endedAt: new Date() } });
    if (task.budgetUsd === undefined || usage.costUsd < task.budgetUsd) return;
    program.conclude({ kind: 'over_budget', lastOutput: program.lastOutput() }, 0);
  }
  function tell(trace: AgentTrace): void {
    host.onEvent({ type: 'trace', trace });
  }
  function result({ status, text }: Extract<ProgramLine, { type: 'result' }>): void {
    if (status === 'failed') return fail(text || 'it said that it failed');
    if (status === 'over_budget') {
      return program.conclude({ kind: 'over_budget', lastOutput: program.lastOutput() });
    }
    program.conclude({ kind: 'finished', summary: text || lastMessage || 'done' });
  }

  return {
    begin: () => program.say(taskLine(task)),
    line(line) {
      const said = parseLine(line);
      switch (said.type) {
        case 'message':
          if (said.text.trim() === '') return;
          lastMessage = said.text;
          program.remember(`${said.text}\n`);
          return program.step('message', said.text);
        case 'progress':
          return program.step('progress', said.text);
        case 'tool':
          tell({ kind: 'tool', tool: toolOf(said) });
          return program.step('tool', `${said.name}: ${said.summary}`, said.detail);
        case 'question':
          return ask(said);
        case 'usage':
          return count(said.usage);
        case 'result':
          return result(said);
      }
    },
    ended(code, signal) {
      if (code === 0) return { kind: 'finished', summary: lastMessage || 'done' };
      return {
        kind: 'failed',
        reason: describeEnd(code, signal),
        lastOutput: program.lastOutput(),
      };
    },
  };
}

/** It is told when it is used; how long that takes nobody says. */
function toolOf({ name, summary, detail }: Extract<ProgramLine, { type: 'tool' }>): TracedTool {
  const at = new Date();
  return { name, input: detail ?? summary, startedAt: at, endedAt: at };
}
