/** The Claude Code program, headless: its prompts and questions reach people, its session is kept. */
import path from 'node:path';
import { SERVER_NAME } from '../../agent-tools/server-name';
import { AppError, messageOf } from '../../errors';
import type { Sandbox } from '../../sandbox/sandbox';
import type { Agent, AgentCheck, AgentOutcome, AgentTask } from '../agent';
import { agentEnvironment } from '../agent-environment';
import type { AgentOptions } from '../agent-options';
import { cleanLine } from '../clean-text';
import { runProgram } from '../program-run';
import type { AgentTrace } from '../trace';
import { configFolder, findCredential } from './credentials';
import { createClaudeDialogue, GO_ON } from './dialogue';
import { findClaude } from './find-claude';
import { createObserver } from './observer';
import { canResume } from './session';
import { listTranscriptCalls } from './transcript-calls';

/** They leave the clone, or outlive the run. */
const REFUSED_TOOLS = [
  ...['EnterWorktree', 'ExitWorktree'],
  ...['CronCreate', 'CronDelete', 'CronList', 'ScheduleWakeup'],
];

const MISSING: AgentCheck = {
  available: false,
  reason: 'the Claude Code program is not installed',
  hint: 'npm install -g @anthropic-ai/claude-code, or name its path.',
};

export function createClaudeAgent(options: AgentOptions): Agent {
  const environment = (home: string): Record<string, string> => ({
    ...options.credentials,
    ...agentEnvironment(options, home),
    CLAUDE_CONFIG_DIR: configFolder(home),
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  });

  return {
    name: 'claude',
    async check(sandbox) {
      const file = await findClaude(options);
      if (file === undefined) return MISSING;
      const failure = sandbox && (await tryProgram(file, sandbox, environment(sandbox.root)));
      if (failure !== undefined) {
        const reason = `${file} does not run in the sandbox: ${failure}`;
        return { available: false, reason, hint: 'Install it where every user can run it.' };
      }
      const credential = findCredential(options);
      if (credential !== undefined) return { available: true, reason: `${file}, ${credential}` };
      return {
        available: false,
        reason: 'Claude Code has no credential',
        hint: 'Set ANTHROPIC_API_KEY, or CLAUDE_CODE_OAUTH_TOKEN (claude setup-token prints one).',
      };
    },
    async start(task, host, sandbox) {
      const file = await findClaude(options);
      if (file === undefined) {
        throw new AppError('agent_missing', MISSING.reason, { hint: MISSING.hint });
      }
      const env = environment(task.home);
      const resumes = await canResume(task, sandbox, env);
      const command = {
        command: await sandbox.expose(file),
        args: programArguments(task, resumes),
        cwd: task.workspace,
        env,
      };
      const tell = (trace: AgentTrace): void => host.onEvent({ type: 'trace', trace });
      const observer = createObserver(tell, resumes ? GO_ON : task.prompt);
      const run = runProgram(sandbox, command, host.onEvent.bind(host), (program) =>
        createClaudeDialogue(task, resumes, host, program, observer),
      );
      async function toItsEnd(): Promise<AgentOutcome> {
        const outcome = await run.outcome;
        if (outcome.kind === 'stopped') return outcome;
        // Without the files the trace lacks what only they say; the work is none the worse.
        const calls = await listTranscriptCalls(task, sandbox, env).catch(() => []);
        for (const call of calls) {
          if (!observer.isComplete(call.messageId ?? '')) tell({ kind: 'call', call });
        }
        return outcome;
      }
      return { ...run, outcome: toItsEnd() };
    },
  };
}

function programArguments(task: AgentTask, resumes: boolean): string[] {
  return [
    '-p',
    ...['--input-format', 'stream-json', '--output-format', 'stream-json'],
    // Partial messages carry each answer's final token count; the whole ones carry the first.
    ...['--verbose', '--include-partial-messages'],
    // Reads and edits in the workspace go ahead; everything else is asked.
    ...['--permission-mode', 'acceptEdits', '--permission-prompt-tool', 'stdio'],
    // MCP servers of the repository or of a person are programs that nobody allowed here.
    '--strict-mcp-config',
    ...['--disallowedTools', REFUSED_TOOLS.join(',')],
    // Ours ask whoever has to be asked by themselves.
    ...['--allowedTools', `mcp__${SERVER_NAME}`],
    ...[resumes ? '--resume' : '--session-id', task.sessionId],
    ...(task.budgetUsd === undefined ? [] : ['--max-budget-usd', String(task.budgetUsd)]),
    ...(task.model === undefined ? [] : ['--model', task.model]),
  ];
}

/** What went wrong, in one line; undefined when it says its version. */
async function tryProgram(
  file: string,
  sandbox: Sandbox,
  env: Record<string, string>,
): Promise<string | undefined> {
  try {
    const home = path.join(sandbox.root, '.check');
    await sandbox.prepareFolder(home);
    const end = await sandbox.run({
      command: await sandbox.expose(file),
      args: ['--version'],
      cwd: home,
      env: { ...env, HOME: home, CLAUDE_CONFIG_DIR: configFolder(home) },
      timeoutMs: 30_000,
    });
    return end.code === 0 ? undefined : cleanLine(end.stderr) || `exit code ${end.code}`;
  } catch (error) {
    return messageOf(error);
  }
}
