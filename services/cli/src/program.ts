import { Command } from 'commander';
import { registerAudit } from './commands/audit/audit';
import { registerBackup } from './commands/backup/backup';
import { registerBilling } from './commands/billing/billing';
import { registerAutoSync } from './commands/auto-sync/auto-sync';
import { registerCollect } from './commands/collect/collect';
import { registerEraseMe } from './commands/erase-me/erase-me';
import { registerExportMe } from './commands/export-me/export-me';
import { registerExport } from './commands/collect/export';
import { registerCompletion } from './commands/completion/completion';
import { registerDaemon } from './commands/daemon/daemon';
import { registerDashboard } from './commands/dashboard/dashboard';
import { registerDoctor } from './commands/doctor/doctor';
import { registerGist } from './commands/gist/gist';
import { registerLogin } from './commands/login/login';
import { registerImport } from './commands/import/import';
import { registerPublish } from './commands/publish/publish';
import { registerPush } from './commands/push/push';
import { registerInsights } from './commands/insights/insights';
import { registerIssues } from './commands/issues/issues';
import { registerInit } from './commands/machine/init';
import { registerMan } from './commands/man/man';
import { registerMcp } from './commands/mcp/mcp';
import { registerKeys } from './commands/keys/keys';
import { registerMachines } from './commands/machines/machines';
import { registerMoveIn } from './commands/move-in/move-in';
import { registerNotifications } from './commands/notifications/notifications';
import { registerRespond } from './commands/notifications/respond';
import { registerPeople } from './commands/people/people';
import { registerPhrases } from './commands/phrases/phrases';
import { registerPrices } from './commands/prices/prices';
import { registerProjects } from './commands/projects/projects';
import { registerRates } from './commands/rates/rates';
import { registerRoadmap } from './commands/roadmap/roadmap';
import { registerService } from './commands/service/service';
import { registerSpool } from './commands/spool/spool';
import { registerSpend } from './commands/spend/spend';
import { registerStatus } from './commands/status/status';
import { registerSync } from './commands/sync/sync';
import { registerTeams } from './commands/teams/teams';
import { registerTexts } from './commands/texts/texts';
import { registerTraces } from './commands/traces/traces';
import { registerUsage } from './commands/usage/usage';
import { registerWorkingTime } from './commands/working-time';
import { registerUp } from './commands/up/register';
import { registerDemo } from './commands/demo/register';
import type { Context } from './context';
import { VERSION } from './version';

/** The whole tree of commands; running one is up to the caller. */
export function createProgram(context: Context): Command {
  const program = new Command('coffee-roadmap')
    .description('One roadmap that people and their coding daemon share.')
    .version(VERSION)
    .exitOverride()
    // Errors are put into words in one place; see run-program.ts.
    .configureOutput({ writeErr: () => undefined })
    .configureHelp({ subcommandTerm, subcommandDescription })
    .addHelpText(
      'after',
      [
        '',
        'Every command knows --json and --help.',
        '',
        'Examples:',
        '  $ coffee-roadmap status --watch',
        '  $ coffee-roadmap roadmap add "Say hello in the reader’s language"',
        '  $ coffee-roadmap respond 12 yes',
      ].join('\n'),
    );
  program.action(() => program.outputHelp());
  program.commandsGroup('Begin:');
  registerUp(program, context);
  registerDemo(program, context);
  registerLogin(program, context);
  registerStatus(program, context);
  registerDoctor(program, context);
  program.commandsGroup('The roadmap:');
  registerRoadmap(program, context);
  registerNotifications(program, context);
  registerRespond(program, context);
  registerDaemon(program, context);
  registerProjects(program, context);
  registerDashboard(program, context);
  registerMcp(program, context);
  program.commandsGroup('What it cost:');
  registerSpend(program, context);
  registerUsage(program, context);
  registerTraces(program, context);
  registerPrices(program, context);
  registerKeys(program, context);
  program.commandsGroup('Your time:');
  registerWorkingTime(program, context);
  registerIssues(program, context);
  program.commandsGroup('Teams and bills:');
  registerPeople(program, context);
  registerTeams(program, context);
  registerPublish(program, context);
  registerBilling(program, context);
  registerRates(program, context);
  registerInsights(program, context);
  program.commandsGroup('Machines and their records:');
  registerInit(program, context);
  registerMachines(program, context);
  registerCollect(program, context);
  registerPush(program, context);
  registerSync(program, context);
  registerAutoSync(program, context);
  registerGist(program, context);
  registerImport(program, context);
  registerExport(program, context);
  registerSpool(program, context);
  registerService(program, context);
  registerMoveIn(program, context);
  registerPhrases(program, context);
  registerTexts(program, context);
  program.commandsGroup('Safekeeping:');
  registerAudit(program, context);
  registerBackup(program, context);
  registerExportMe(program, context);
  registerEraseMe(program, context);
  program.commandsGroup('Your shell:');
  registerCompletion(program, context);
  registerMan(program, context);
  return program;
}

/** Without `[options]`, which stands behind every one of them and says nothing. */
function subcommandTerm(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = argument.name() + (argument.variadic ? '…' : '');
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(' ');
}

/** A noun is followed by its verbs, so that nobody has to look for them. */
function subcommandDescription(command: Command): string {
  const verbs = command.commands.map((verb) => verb.name());
  return verbs.length === 0
    ? command.description()
    : `${command.description()} (${verbs.join(', ')})`;
}
