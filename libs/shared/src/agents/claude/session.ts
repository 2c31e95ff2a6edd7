import type { Sandbox, SandboxCommand } from '../../sandbox/sandbox';
import type { AgentTask } from '../agent';
import { configFolder } from './credentials';

/**
 * The program writes its transcript with a short delay: a run that was killed early may have left
 * none, or one without a prompt. That cannot be resumed, and stands in the way of a new start.
 */
const LOOK = `
cd "$1/projects" 2>/dev/null || exit 0
found=$(find . -maxdepth 2 -name "$2.jsonl" -exec grep -q '"type":"user"' {} \\; -print)
if [ -n "$found" ]; then echo resume; else find . -maxdepth 2 -name "$2.jsonl" -delete; fi`;

/**
 * Whether the session got as far as having been told its task. Looked at from inside: the folder is
 * the agent's.
 */
export async function canResume(
  task: AgentTask,
  sandbox: Sandbox,
  env: SandboxCommand['env'],
): Promise<boolean> {
  const { stdout } = await sandbox.run({
    command: 'sh',
    args: ['-c', LOOK, 'sh', configFolder(task.home), task.sessionId],
    cwd: task.workspace,
    env,
    timeoutMs: 30_000,
  });
  return stdout.toString('utf8').trim() === 'resume';
}
