import { setMembership } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';

interface ManagerOptions extends CommonOptions {
  remove?: boolean;
}

export function registerManager(teams: Command, context: Context): void {
  addVerb(teams, 'manager <team> <name>', 'let somebody manage a team; for admins', {
    examples: ['teams manager design Ada', 'teams manager design Ada --remove'],
  })
    .option('--remove', 'a member again, no longer a manager')
    .action((team: string, member: string, options: ManagerOptions) =>
      withSession(context, options, async (session, out) => {
        const role = options.remove === true ? 'member' : 'manager';
        await setMembership(session, { team, kind: 'person', member, role });
        out.result(
          { team, kind: 'person', name: member, role },
          () => `${stripEscapes(member)} is ${role} of ${stripEscapes(team)}.`,
        );
      }),
    );
}
