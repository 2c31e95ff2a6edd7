import { setMembership, type LoginKind } from '@coffee-roadmap/shared/people/queries';
import { Option, type Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';

interface MemberOptions extends CommonOptions {
  kind: LoginKind;
  remove?: boolean;
}

export function registerMember(teams: Command, context: Context): void {
  addVerb(teams, 'member <team> <name>', 'bring somebody into a team, or out; for admins', {
    examples: ['teams member design Ada', 'teams member design builder --kind daemon'],
  })
    .addOption(
      new Option('--kind <kind>', 'what it is that gets in')
        .choices(['person', 'daemon'])
        .default('person'),
    )
    .option('--remove', 'take the membership away')
    .action((team: string, member: string, options: MemberOptions) =>
      withSession(context, options, async (session, out) => {
        const { kind } = options;
        const role = options.remove === true ? null : 'member';
        await setMembership(session, { team, kind, member, role });
        out.result(
          { team, kind, name: member, role },
          () =>
            `${stripEscapes(member)} ${role === null ? 'is no longer' : 'is'} in ${stripEscapes(team)}.`,
        );
      }),
    );
}
