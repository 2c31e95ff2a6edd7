import { agentLoginFile } from '@coffee-roadmap/shared/agent-tools/login-file';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb, projectOption, yesOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { projectFile, projectFolder, readServers, SERVER, writeServer } from './configuration';
import { ensureAgentLogin } from './ensure-login';
import { serverEntry } from './server-entry';
import { addCommand, runClaude } from './user-scope';

interface InstallOptions extends ProjectOptions {
  user?: boolean;
  dryRun?: boolean;
}

export function registerInstall(mcp: Command, context: Context): void {
  addVerb(mcp, 'install', 'give your Claude Code these tools, with a login of its own', {
    examples: ['mcp install', 'mcp install --user', 'mcp install --project shop --dry-run'],
  })
    .option('--user', 'for all your projects; without it for the one in this folder')
    .addOption(projectOption())
    .option('--dry-run', 'show what would be written, change nothing')
    .addOption(yesOption())
    .action((options: InstallOptions) =>
      withSession(context, options, async (session, out) => {
        const named = options.project;
        if (named !== undefined) await selectProject(session, context, named);
        const entry = serverEntry(context.config().env.path, named);
        const file = projectFile(projectFolder(process.cwd()));
        const servers = options.user === true ? {} : readServers(file);
        const loginFile = agentLoginFile(context.config().paths);
        const document = {
          scope: options.user === true ? 'user' : 'project',
          file: options.user === true ? null : file,
          server: SERVER,
          entry,
          login_file: loginFile,
        };
        const plan = [
          options.user === true
            ? `Claude Code writes this into its own list, for all your projects:`
            : `This goes into ${file}${SERVER in servers ? ', in place of what is there' : ''}:`,
          '',
          ...JSON.stringify({ [SERVER]: entry }, null, 2)
            .replace(/^/gm, '  ')
            .split('\n'),
          '',
          `No secret is in it. The agent's login is kept in ${loginFile}, for you alone.`,
        ].map((line) => stripEscapes(line));
        if (options.dryRun === true) {
          out.result({ ...document, installed: false }, () => plan.join('\n'));
          return;
        }
        if (options.yes !== true) {
          out.say(plan.join('\n'));
          if (!(await context.prompt(options).confirm('Write it?', { otherwise: true }))) {
            throw new AppError('failed', 'nothing was written', {
              hint: 'Answer y, or pass --yes.',
            });
          }
        }
        const made = await ensureAgentLogin(context, session);
        if (options.user === true) runClaude(context.config().env.path, addCommand(entry));
        else writeServer(file, entry);
        out.result({ ...document, installed: true, login_made: made }, () =>
          [
            ...(options.yes === true ? [...plan, ''] : []),
            made ? 'Made a login for your agents.' : 'Your agents’ login works already.',
            'Start Claude Code anew there; /mcp shows the tools. Try: “what is on our roadmap?”',
          ].join('\n'),
        );
      }),
    );
}
