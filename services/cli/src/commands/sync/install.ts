import { AppError } from '@coffee-roadmap/shared/errors';
import { installAgent } from '@coffee-roadmap/shared/remotes/install-agent';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Context } from '../../context';
import { startProgress } from '../../terminal/progress';
import { sshSettings } from './ssh-settings';

/** Beside this program's own bundle. */
const AGENT = path.join(__dirname, 'coffee-roadmap-agent.js');

export async function installAgents(
  context: Context,
  remotes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (!existsSync(AGENT)) {
    throw new AppError('not_configured', 'the program for remotes has not been built', {
      hint: 'npm run build:agent, in the folder of coffee-roadmap.',
    });
  }
  const agent = readFileSync(AGENT);
  const settings = sshSettings(context, { alone: true });
  for (const remote of remotes) {
    const progress = startProgress(context.streams.stderr, `installing on ${remote}`);
    try {
      await installAgent(remote, agent, { ...settings, signal });
    } finally {
      progress.stop();
    }
  }
}
