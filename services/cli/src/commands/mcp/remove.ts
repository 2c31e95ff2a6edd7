import { findAgentLogin, removeAgentLogin } from '@coffee-roadmap/shared/agent-tools/login-file';
import { removeAgent } from '@coffee-roadmap/shared/agent-tools/queries';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb, yesOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { projectFile, projectFolder, removeServer } from './configuration';
import { agentLabel } from './ensure-login';
import { REMOVE_COMMAND, runClaude } from './user-scope';

interface RemoveOptions extends CommonOptions {
  user?: boolean;
  login?: string | true;
}

export function registerRemove(mcp: Command, context: Context): void {
  addVerb(mcp, 'remove', 'take the tools away again, or the agent’s login', {
    examples: ['mcp remove', 'mcp remove --user', 'mcp remove --login --yes'],
  })
    .option('--user', 'from Claude Code’s own list; without it from the project in this folder')
    .option('--login [label]', 'end the login of this machine’s agents, or the one so labelled')
    .addOption(yesOption())
    .action(async (options: RemoveOptions) => {
      if (options.login !== undefined) return endLogin(context, options);
      const file = projectFile(projectFolder(process.cwd()));
      const removed = options.user === true || removeServer(file);
      if (options.user === true) runClaude(context.config().env.path, REMOVE_COMMAND);
      context
        .output(options)
        .result({ removed, file: options.user === true ? null : file }, () =>
          removed
            ? 'Removed. The login stays for other projects: coffee-roadmap mcp remove --login ends it.'
            : `It was not in ${file}.`,
        );
    });
}

function endLogin(context: Context, options: RemoveOptions): Promise<void> {
  return withSession(context, options, async (session, out) => {
    const here = agentLabel(context);
    const label = typeof options.login === 'string' ? options.login : here;
    const question = `End the login of your agents labelled ${label}?`;
    if (!(await context.prompt(options).confirm(question))) {
      throw new AppError('failed', 'no login was ended', { hint: 'Answer y, or pass --yes.' });
    }
    await removeAgent(session, label);
    const { paths } = context.config();
    if (findAgentLogin(paths)?.label.toLowerCase() === label.toLowerCase()) removeAgentLogin(paths);
    out.result({ removed: true, label }, () => `Ended the login of ${stripEscapes(label)}.`);
  });
}
