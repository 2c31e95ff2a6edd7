import { addTeam } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';

export function registerAdd(teams: Command, context: Context): void {
  addVerb(teams, 'add <name>', 'a new team, with you in it; for admins', {
    examples: ['teams add design'],
  }).action((name: string, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const id = await addTeam(session, name);
      out.result({ id, name: name.trim() }, () =>
        [
          `Added the team ${stripEscapes(name)}.`,
          `coffee-roadmap teams member ${stripEscapes(name)} NAME brings people in.`,
        ].join('\n'),
      );
    }),
  );
}
