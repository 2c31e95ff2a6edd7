/** Any program that reads a task as a JSON line and answers in JSON lines. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../errors';
import type { Sandbox } from '../../sandbox/sandbox';
import type { Agent, AgentCheck } from '../agent';
import { agentEnvironment } from '../agent-environment';
import type { AgentOptions } from '../agent-options';
import { findExecutable } from '../find-executable';
import { runProgram } from '../program-run';
import { createCommandDialogue } from './dialogue';

export function createCommandAgent(options: AgentOptions, name = 'command'): Agent {
  const [program, ...args] = options.command ?? [];

  async function look(): Promise<
    { file: string } | { missing: AgentCheck & { available: false } }
  > {
    if (program === undefined) {
      return {
        missing: {
          available: false,
          reason: 'no agent command is set',
          hint: 'Name one with coffee-roadmap projects set --agent-command.',
        },
      };
    }
    const find = options.find ?? findExecutable;
    const file = await find(program, options.path);
    if (file !== undefined) return { file };
    const reason = `${program} is not an executable file${program.includes('/') ? '' : ' on PATH'}`;
    return { missing: { available: false, reason, hint: 'Install it, or name its full path.' } };
  }

  return {
    name,
    async check(sandbox) {
      const found = await look();
      if ('missing' in found) return found.missing;
      await sandbox?.expose(found.file);
      return { available: true, reason: found.file };
    },
    async start(task, host, sandbox) {
      const found = await look();
      if ('missing' in found) {
        const { reason, hint } = found.missing;
        throw new AppError('agent_missing', reason, { hint });
      }
      const command = {
        command: await sandbox.expose(found.file),
        args: await Promise.all(args.map((arg) => exposeFile(sandbox, arg))),
        cwd: task.workspace,
        env: { ...agentEnvironment(options, task.home), ...options.credentials },
      };
      return runProgram(sandbox, command, host.onEvent.bind(host), (program) =>
        createCommandDialogue(task, host, program),
      );
    },
  };
}

/** A script that is handed to its interpreter has to be seen inside as well. */
async function exposeFile(sandbox: Sandbox, arg: string): Promise<string> {
  const isFile = path.isAbsolute(arg) && statSync(arg, { throwIfNoEntry: false })?.isFile();
  return isFile ? sandbox.expose(arg) : arg;
}
