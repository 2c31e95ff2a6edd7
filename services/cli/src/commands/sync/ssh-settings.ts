import { AppError } from '@coffee-roadmap/shared/errors';
import { sshEnvironment, type SshSettings } from '@coffee-roadmap/shared/remotes/ssh-program';
import type { Context } from '../../context';
import { splitWords } from '../../split-words';

/** The system's ssh, or what COFFEE_ROADMAP_SSH names. With several at once ssh asks for nothing. */
export function sshSettings(context: Context, { alone }: { alone: boolean }): SshSettings {
  const { env } = context.config();
  const command = splitWords(env.settings.ssh ?? 'ssh');
  if (command === undefined || command.length === 0) {
    throw new AppError('not_configured', 'COFFEE_ROADMAP_SSH has a quote that is never closed', {
      hint: 'Write it as to a shell, for example: ssh -F "/home/ada/ssh config"',
    });
  }
  const mayAsk = alone && context.streams.stderr.isTTY === true;
  return { command, environment: sshEnvironment(env), mayAsk };
}
